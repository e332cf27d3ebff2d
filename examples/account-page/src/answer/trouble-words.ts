import type { Trouble } from './trouble.ts';

const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  bird: 'Bird',
  ejento: 'Ejento',
  insighto: 'Insighto',
  atoms: 'Atoms',
  links: 'The list of linked accounts',
};

/** For a part that may be there later. */
const LATER = (subject: string) => `${subject} is not available right now.`;

interface Words {
  title: (subject: string) => string;
  /** The message of the error if this is not given. */
  why?: (provider: string) => string;
}

const WORDS: Readonly<Record<string, Words>> = {
  PROVIDER_UNAVAILABLE: { title: LATER, why: (provider) => `${provider} cannot be reached.` },
  PROVIDER_TIMEOUT: { title: LATER, why: (provider) => `${provider} took too long to answer.` },
  PROVIDER_RATE_LIMITED: { title: LATER, why: (provider) => `${provider} is being asked too often.` },
  PROVIDER_INVALID_RESPONSE: { title: LATER, why: (provider) => `${provider} gave an unusable answer.` },
  // The message tells a key that is not taken from a limit that is reached.
  PROVIDER_CREDENTIALS_REJECTED: { title: (subject) => `${subject} cannot be shown.` },
  PROVIDER_NOT_CONFIGURED: {
    title: (subject) => `${subject} cannot be shown.`,
    why: (provider) => `${provider} is not set up here.`,
  },
  FORBIDDEN: { title: (subject) => `${subject} is private.` },
  UNAUTHENTICATED: {
    title: () => 'You are no longer signed in.',
    why: () => 'Sign out, log in with Bird and come back.',
  },
};

/**
 * Says what is missing and why. `subject` is what a sentence about one thing can start with: `Billing`. What is old is
 * there, from an earlier answer.
 */
export function troubleWords(
  trouble: Trouble,
  subject: string,
  isOld: boolean,
): { title: string; why: string } {
  const { code, provider = '', message, retryAfterSeconds } = trouble;
  const { title, why }: Words = WORDS[code] ?? { title: LATER };
  const wait = retryAfterSeconds === undefined ? '' : ` Try again in ${secondsInWords(retryAfterSeconds)}.`;
  const what = isOld ? `${subject} may be out of date.` : title(subject);
  return { title: what, why: (why?.(PROVIDER_NAMES[provider] ?? 'A provider') ?? message) + wait };
}

function secondsInWords(seconds: number): string {
  if (seconds >= 90) return `${Math.ceil(seconds / 60)} minutes`;
  return seconds <= 1 ? 'a second' : `${Math.ceil(seconds)} seconds`;
}
