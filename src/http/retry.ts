import { speaksOfItsConnection } from './answer.ts';
import type { NoAnswer } from './no-answer.ts';
import { utcTime } from './utc-time.ts';

/** How an attempt ended, as far as the decision to make another one goes. */
export interface Attempt {
  /** 1 for the first. */
  number: number;
  /** The answer's status, or how the connection failed before there was one. */
  outcome: number | NoAnswer['broken'];
  /** What the provider asked for with `Retry-After`, in milliseconds. */
  retryAfterMs?: number | undefined;
}

/** The limits of one call. */
export interface RetryLimits {
  /** Repeats that the settings allow. */
  retries: number;
  /** Milliseconds until the call's deadline. */
  remainingMs: number;
  /** 0 to 1, evenly spread. */
  random: () => number;
}

const TRANSIENT_STATUSES = new Set([408, 421, 429, 502, 503, 504]);
const BASE_DELAY_MS = 100;
const MAX_DELAY_MS = 1000;
const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

/**
 * Milliseconds to wait before a GET is attempted again, or null when it is not to be. Jitter over the whole range
 * ("full jitter") keeps callers that failed together from returning together.
 */
export function nextDelay(
  { number, outcome, retryAfterMs = 0 }: Attempt,
  limits: RetryLimits,
): number | null {
  if (number > limits.retries || outcome === 'unusable' || outcome === 'misconfigured') return null;
  if (typeof outcome === 'number' && !TRANSIENT_STATUSES.has(outcome)) return null;
  const jitter = limits.random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (number - 1));
  const isOfConnection = typeof outcome === 'number' && speaksOfItsConnection(outcome);
  if (isOfConnection && number > 1) return null;
  const delay = isOfConnection ? 0 : retryAfterMs + jitter;
  return delay < limits.remainingMs ? delay : null;
}

/**
 * Milliseconds that a `Retry-After` header asks for, at most an hour; undefined when it says nothing that can be
 * read. RFC 9110 has whole seconds and dates in three forms; programs also write what their clock gave them, such as
 * `299.997`, a date as in JSON or the seconds since 1970, and proxies make one list of what came twice. A date is compared with the answer's own `Date` where it has one, so that it does not
 * matter whose clock is wrong.
 */
export function retryAfterMs(retryAfter: string, date: string): number | undefined {
  const [text = ''] = retryAfter.trim().split(/\s*;/);
  const numbers = text.split(',').filter((part) => part.trim() !== '');
  const isNumbers = numbers.length > 0 && numbers.every((part) => NUMBER.test(part));
  const ms = isNumbers
    ? Math.max(...numbers.map((part) => waitOf(Number.parseFloat(part), date)))
    : dateIn(text) - dateIn(date);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

const NUMBER = /^\s*(?:\d+\.?\d*|\.\d+)\s*s?\s*$/i;
/** In seconds: nobody asks for decades, so it is a time since 1970, in seconds or else in milliseconds. */
const LEAST_TIME = 1e9;
const LEAST_TIME_MS = 1e12;

/** Milliseconds that a number means. */
function waitOf(number: number, date: string): number {
  if (number < LEAST_TIME) return Math.ceil(number * 1000);
  return (number < LEAST_TIME_MS ? number * 1000 : number) - dateIn(date);
}

const HTTP_DATE = /^(?:[A-Z]{3,9}, )?\d.*\d\d:\d\d:\d\d (?:GMT|UTC|[+-]\d{4})$/i;
/** C's: it names no zone, and means GMT. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** Milliseconds since 1970 of an HTTP date (RFC 9110, section 5.6.7) or one as in JSON; NaN when it is neither. */
function dateIn(text: string): number {
  if (HTTP_DATE.test(text)) return Date.parse(text);
  return Date.parse(ASCTIME.test(text) ? `${text} GMT` : (utcTime(text) ?? ''));
}

/**
 * What repeats are paid from. Each call earns a tenth of one, so that however long a provider fails, it receives a
 * tenth more calls and not twice as many. A little in hand at the start lets a new process repeat too.
 */
export class RetryBudget {
  #tokens = 2;

  earn(): void {
    this.#tokens = Math.min(10, this.#tokens + 0.1);
  }

  /** Pays for one repeat, if there is enough. */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
