/** What went wrong between us and a provider, named for whose fault it is. */
export type UpstreamFailure =
  /** Nobody told this server how to reach the provider. */
  | 'not-configured'
  /** No connection, or one that broke. */
  | 'unreachable'
  /** No complete answer within the time limit. */
  | 'timeout'
  /** The provider says that it is asked too often (429), or when a quota that is used up begins anew (403 with `Retry-After`). */
  | 'rate-limited'
  /** The provider says that it has trouble (5xx), or has had so much that it is not asked for a while. */
  | 'unavailable'
  /** The provider refused the credentials (401), or what they may do: not this, not for this product, not any more of it (403). */
  | 'credentials-rejected'
  /** An answer that cannot be used: its status, type, size, encoding or shape is not what was promised. */
  | 'invalid-response'
  /** Whoever asked has gone. */
  | 'cancelled';

const WORDS: Record<UpstreamFailure, (provider: string) => string> = {
  'not-configured': (provider) => `${provider} is not configured on this server.`,
  unreachable: (provider) => `${provider} could not be reached.`,
  timeout: (provider) => `${provider} did not answer in time.`,
  'rate-limited': (provider) => `${provider} is being asked too often.`,
  unavailable: (provider) => `${provider} is not available at the moment.`,
  'credentials-rejected': (provider) => `${provider} did not accept the credentials it was given.`,
  'invalid-response': (provider) => `${provider} gave an answer that cannot be used.`,
  cancelled: (provider) => `The request ended before ${provider} answered.`,
};

const UNREADABLE_PART = (provider: string) => `${provider} gave a value that cannot be read.`;

/** A 403 has more causes than a bad key: a limit that is used up, or a key that is for something else. */
const REFUSED = (provider: string) =>
  `${provider} refused: the key it was given may not do this, or a limit of its plan or account is reached.`;

const OUTCOME_UNKNOWN =
  ' It is not known whether the change was made: look at the current state before trying again.';

/** What is known about a failure beyond its kind. */
export interface FailureDetails {
  /** Whether asking again may help. Never, when the outcome of a write is unknown. */
  retryable?: boolean;
  /** When asking again may help, in seconds. */
  retryAfterSeconds?: number | undefined;
  /** The status of the provider's answer, when there was one. */
  status?: number | undefined;
  /** A write that may or may not have been applied. */
  outcomeUnknown?: boolean;
  /** It is one value that cannot be read: the rest of the answer is good. */
  isPart?: boolean;
  /** There was more than is read of one answer: less may be asked for at a time. */
  isTooLarge?: boolean;
}

/**
 * The only error that leaves an upstream. Sanitised by construction: it is made of our own words, a provider's name
 * and numbers. No host, path, header, key or body, and no `cause` that could carry one.
 */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly provider: string;
  readonly failure: UpstreamFailure;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  readonly status?: number;
  readonly outcomeUnknown: boolean;
  readonly isTooLarge: boolean;

  constructor(provider: string, failure: UpstreamFailure, details: FailureDetails = {}) {
    const { outcomeUnknown = false, retryable = false, retryAfterSeconds, status } = details;
    const words = wordsFor(failure, details)(provider.charAt(0).toUpperCase() + provider.slice(1));
    super(outcomeUnknown ? words + OUTCOME_UNKNOWN : words);
    this.provider = provider;
    this.failure = failure;
    this.outcomeUnknown = outcomeUnknown;
    this.isTooLarge = details.isTooLarge ?? false;
    this.retryable = retryable && !outcomeUnknown;
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
    if (status !== undefined) this.status = status;
  }
}

function wordsFor(
  failure: UpstreamFailure,
  { isPart, status }: FailureDetails,
): (provider: string) => string {
  if (isPart) return UNREADABLE_PART;
  return failure === 'credentials-rejected' && status !== undefined && status !== 401
    ? REFUSED
    : WORDS[failure];
}
