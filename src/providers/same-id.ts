import { canonicalId } from '../links/links.ts';
import type { Upstream } from '../http/upstream.ts';
import type { FailureDetails } from '../http/upstream-error.ts';

/**
 * The answer, provided that it is about the one who was asked for. Most of these endpoints answer about the owner of
 * a credential: a key stored with the wrong person would otherwise show them somebody else. An id may be answered in
 * another spelling than links have.
 */
export function sameId<T>(
  upstream: Upstream,
  asked: string,
  answered: string,
  answer: T,
  details?: FailureDetails,
): T {
  if (asked !== answered && canonicalId(asked) !== canonicalId(answered))
    throw upstream.unusable('id', 'the one that was asked for', details);
  return answer;
}
