import { Answer } from './answer.ts';
import { type Caller, UNKNOWN_OWNER } from './caller.ts';
import type { Outcome } from './exchange.ts';

/** A sign that a provider is in trouble. */
export interface Trouble {
  /** 1, or less for what a single record may well bring about. */
  weight: number;
  /** What was asked, and as whom; null when that cannot matter: there was not even a connection. */
  record: string | null;
  /** Whoever asked for it, and of which resource: reading a list in ever new pieces is still one source of trouble. */
  source: string;
}

/** What a call has shown of its provider: that it is well, that it is in trouble, or nothing. */
export type Lesson = 'well' | 'nothing' | Trouble;

/** What a call asked for, and for whom. */
export interface Asked {
  path: string;
  credential: string;
  caller: Caller;
}

/** 502, 503 and 504 are said by what stands in front of a provider, and for all of it. */
const OF_THE_WHOLE = new Set([502, 503, 504]);

/** What the outcome of a call has shown. */
export function lessonOf(outcome: Outcome, { path, credential, caller }: Asked): Lesson {
  if (outcome instanceof Answer) {
    if (outcome.status < 500) return 'well';
    // Anybody can invent a token that a provider stumbles over, and another, and another.
    if (caller === UNKNOWN_OWNER) return 'nothing';
  } else if (outcome.broken === 'unusable') return 'well';
  const query = path.indexOf('?');
  const resource = query < 0 ? path : path.slice(0, query);
  return {
    weight: outcome instanceof Answer && !OF_THE_WHOLE.has(outcome.status) ? 0.5 : 1,
    record: outcome instanceof Answer || outcome.sent ? `${path}\n${credential}` : null,
    source: `${resource}\n${credential}\n${nameOf(caller)}`,
  };
}

const numbers = new WeakMap<object, string>();
let last = 0;

function nameOf(caller: Caller): string {
  if (typeof caller !== 'object') return String(caller);
  const name = numbers.get(caller) ?? `operation ${(last += 1)}`;
  numbers.set(caller, name);
  return name;
}
