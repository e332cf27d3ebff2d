import type { Answer } from './answer.ts';
import type { NoAnswer } from './no-answer.ts';
import type { EndReason } from './lifetime.ts';
import { retryAfterMs } from './retry.ts';
import { UpstreamError, type UpstreamFailure } from './upstream-error.ts';

const BROKEN: Record<NoAnswer['broken'], UpstreamFailure> = {
  reset: 'unreachable',
  unreachable: 'unreachable',
  misconfigured: 'unreachable',
  timeout: 'timeout',
  unusable: 'invalid-response',
};

/** What a call without an answer comes to. A write that was sent may have been applied all the same. */
export function failureWithoutAnswer(
  provider: string,
  { broken, code, sent }: NoAnswer,
  isRead: boolean,
): UpstreamError {
  return new UpstreamError(provider, BROKEN[broken], {
    retryable: broken !== 'unusable' && broken !== 'misconfigured',
    outcomeUnknown: sent && !isRead,
    isTooLarge: code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  });
}

/** What an answer comes to that the caller has no use for: by its status, or what it `fails` for the caller. */
export function failureByStatus(
  provider: string,
  answer: Answer,
  isRead: boolean,
  fails?: UpstreamFailure,
): UpstreamError {
  const { status } = answer;
  const afterMs = retryAfterMsOf(answer);
  const failure = fails ?? failureOf(status, afterMs !== undefined);
  return new UpstreamError(provider, failure, {
    status,
    retryable: failure === 'timeout' || failure === 'rate-limited' || status >= 500,
    retryAfterSeconds: afterMs === undefined ? undefined : Math.ceil(afterMs / 1000),
    outcomeUnknown: !isRead && mayBeApplied(status),
  });
}

/** What an answer comes to that was promised and cannot be used. */
export function failureToDecode(provider: string, { status }: Answer, isRead: boolean): UpstreamError {
  return new UpstreamError(provider, 'invalid-response', {
    status,
    outcomeUnknown: !isRead && mayBeApplied(status),
  });
}

/** What an operation's end comes to: its deadline or the client's disconnect. */
export function failureOfEnd(provider: string, reason: EndReason): UpstreamError {
  const isDeadline = reason === 'deadline';
  return new UpstreamError(provider, isDeadline ? 'timeout' : 'cancelled', { retryable: isDeadline });
}

/** What an answer asks for with `Retry-After`, in milliseconds. */
export function retryAfterMsOf({ headers }: Answer): number | undefined {
  const { 'retry-after': retryAfter, date } = headers;
  if (retryAfter === undefined) return undefined;
  const now = typeof date === 'string' ? date : new Date().toUTCString();
  // Sent twice, by the provider and by what stands in front: both are to be waited for.
  const waits = [retryAfter].flat().map((each) => retryAfterMs(each, now) ?? Number.NEGATIVE_INFINITY);
  const longest = Math.max(...waits);
  return longest < 0 ? undefined : longest;
}

/** Whether an answer says that it was asked too much: with 429, or a quota that is used up. */
export function isTooMuch(answer: Answer): boolean {
  const { status } = answer;
  return status === 429 || (status === 403 && retryAfterMsOf(answer) !== undefined);
}

/**
 * A 403 that says when to come back is a quota that is used up, and no matter of credentials: so does Azure API
 * Management (its `quota` policy), which stands in front of Ejento.
 */
function failureOf(status: number, saysWhen: boolean): UpstreamFailure {
  if (status === 429 || (status === 403 && saysWhen)) return 'rate-limited';
  if (status === 401 || status === 403) return 'credentials-rejected';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'unavailable' : 'invalid-response';
}

/** Only a 4xx says that a write was not applied: behind a 5xx, and behind a redirect, it may have been. */
function mayBeApplied(status: number): boolean {
  return status < 400 || status >= 500;
}
