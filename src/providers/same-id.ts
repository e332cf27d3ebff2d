import { type FailureDetails, UpstreamError } from '../http/upstream-error.ts';

/**
 * The answer, provided that it is about the one who was asked for. Most of these endpoints answer about the owner of
 * a credential: a key stored with the wrong person would otherwise show them somebody else.
 */
export function sameId<T>(
  provider: string,
  asked: string,
  answered: string,
  answer: T,
  details?: FailureDetails,
): T {
  if (asked !== answered) throw new UpstreamError(provider, 'invalid-response', details);
  return answer;
}
