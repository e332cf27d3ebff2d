import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { Refusal } from './answers.ts';

/** What an operation can be answered with, best first: as Apollo Server offers it, and negotiates with the same library. */
const OFFERED = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];

/** Gateways send one or two `accept` headers. */
const remembered = new LRUCache<string, string>({ max: 100, maxSize: 100_000, sizeCalculation: sizeOf });

/**
 * The content type that an `accept` header asks for. Chosen before the body is read: whoever could not use the answer
 * has changed nothing.
 *
 * @throws Refusal 406 when it allows nothing that is offered
 */
export function acceptedType(accept = ''): string {
  const known = remembered.get(accept);
  if (known !== undefined) return known;
  const chosen = accept === '' ? OFFERED[0] : negotiated(accept);
  if (chosen === undefined)
    throw new Refusal(
      406,
      'BAD_REQUEST',
      'Accept application/json or application/graphql-response+json: nothing else is answered here.',
    );
  remembered.set(accept, chosen);
  return chosen;
}

/** UTF-8 is called `utf8` by many: the same label, says the Encoding standard. */
function negotiated(accept: string): string | undefined {
  const headers = {
    accept: accept.replaceAll(/(;\s*charset\s*=\s*)"?utf-?8"?(?=\s*(?:[;,]|$))/gi, '$1utf-8'),
  };
  return new Negotiator({ headers }).mediaType(OFFERED);
}

function sizeOf(chosen: string, accept: string): number {
  return chosen.length + accept.length;
}
