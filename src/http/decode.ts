/**
 * From unknown JSON to the domain. A decoder is a plain function; `fields` gives it a reader over one JSON object.
 *
 * What is strict and what is not: an id and an envelope are, and throw a `DecodeError`, which costs the whole answer
 * (or the one element of a list). Anything else costs itself: a field that cannot be read is an error in the place of
 * its value, which GraphQL answers as null with an error at that field's path. Missing, null and empty text read the
 * same, and a number may come as text. No provider promises types that hold.
 */

import { utcTime } from './utc-time.ts';

/**
 * Tells of what cannot be read: a path of keys and what was expected there, never a value. Gives the error that
 * stands in its place.
 */
export type Report = (path: string, expected: string) => Error;

/** Turns a JSON value into the domain, or throws a `DecodeError`. */
export type Decode<T> = (json: unknown, report: Report) => T;

/** A field that was read: null when it is absent, an error when it is there and cannot be read. */
export type Read<T> = T | null | Error;

/** An answer that does not have the promised shape. Names keys and types, never a value of the answer. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly path: string;
  readonly expected: string;

  constructor(path: string, expected: string) {
    super(`${path || 'the answer'} is not ${expected}`);
    this.path = path;
    this.expected = expected;
  }
}

/** A decoder for one JSON object: `read` names each field of the result and where it is found. */
export function fields<T>(read: (from: Fields) => T): Decode<T> {
  return (json, report) => read(new Fields(json, report));
}

/**
 * A JSON array whose elements have nothing to do with each other: those that cannot be read are reported and left out.
 * GraphQL has no place for them in a list that promises no null.
 */
export function listOf<T>(element: Decode<T>): Decode<T[]> {
  return (json, report) => {
    if (!Array.isArray(json)) throw new DecodeError('', 'a list');
    const items: T[] = [];
    let at = 0;
    const reportAt: Report = (path, expected) => report(path ? `${at}.${path}` : String(at), expected);
    for (; at < json.length; at += 1) {
      try {
        items.push(element(json[at], reportAt));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        reportAt(error.path, error.expected);
      }
    }
    return items;
  };
}

/** The elements of a list, as far as they can be read. */
export interface Readable<T> {
  readonly items: T[];
  /** How many could not be. */
  readonly unreadable: number;
}

/** The same, where it matters how many were left out. */
export function readableOf<T>(element: Decode<T>): Decode<Readable<T>> {
  const decode = listOf(element);
  return (json, report) => {
    const items = decode(json, report);
    return { items, unreadable: (json as unknown[]).length - items.length };
  };
}

/** The reader over one JSON object. Each method names the wire's key. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #report: Report;

  constructor(json: unknown, report: Report) {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new DecodeError('', 'an object');
    this.#object = json as Record<string, unknown>;
    this.#report = report;
  }

  /** Text that is not empty. Half of a character is replaced: there are gateways that refuse an answer which has one. */
  text(key: string): Read<string> {
    const value = this.#object[key] ?? null;
    if (typeof value === 'string') return value === '' ? null : value.toWellFormed();
    return value === null ? null : this.#report(key, 'text');
  }

  /** An identifier: non-empty text, or an integer that is exact in JSON, as text. Never absent, never in doubt. */
  id(key: string): string {
    const id = idOf(this.#object[key]);
    if (id === undefined) throw new DecodeError(key, 'an identifier');
    return id;
  }

  /** An identifier that has to be a UUID. */
  uuid(key: string): string {
    const id = idOf(this.#object[key]);
    if (id === undefined || !UUID.test(id) || id === NIL_UUID) throw new DecodeError(key, 'a UUID');
    return id;
  }

  /** An identifier that may be absent or empty, and never in doubt. */
  idIfAny(key: string): string | null {
    const value = this.#object[key] ?? '';
    return value === '' ? null : this.id(key);
  }

  /** The identifier of something else, which need not be there. The UUID of nothing but noughts is none. */
  reference(key: string): Read<string> {
    const value = this.#object[key] ?? '';
    if (value === '') return null;
    const id = idOf(value) ?? this.#report(key, 'an identifier');
    return id === NIL_UUID ? null : id;
  }

  /** True or false. Nothing else: flags say what somebody is and may do. */
  boolean(key: string): Read<boolean> {
    const value = this.#object[key] ?? null;
    return value === null || typeof value === 'boolean' ? value : this.#report(key, 'true or false');
  }

  /** Whether a flag says no. Anything else, its absence included, does not. */
  isFalse(key: string): boolean {
    return this.#object[key] === false;
  }

  /** Whether an object is there, whatever is in it. */
  isObject(key: string): boolean {
    const value = this.#object[key];
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }

  /** A whole number that GraphQL's Int can carry (32 bits). */
  integer(key: string): Read<number> {
    const value = numberOf(this.#object[key]);
    if (value === null) return null;
    return value !== undefined && (value | 0) === value ? value : this.#report(key, 'a 32-bit whole number');
  }

  /** A number. */
  number(key: string): Read<number> {
    const value = numberOf(this.#object[key]);
    return value === undefined ? this.#report(key, 'a number') : value;
  }

  /** A time as RFC 3339 in UTC (see `utcTime`). */
  time(key: string): Read<string> {
    const value = this.#object[key] ?? '';
    if (value === '') return null;
    const time = typeof value === 'string' ? utcTime(value) : undefined;
    return time === undefined ? this.#report(key, 'a time') : time;
  }

  /** One of a provider's open enumeration: a spelling that nobody told us about is `UNKNOWN`. */
  oneOf<E extends string>(key: string, known: Readonly<Record<string, E>>): Read<E | 'UNKNOWN'> {
    const text = this.text(key);
    if (typeof text !== 'string') return text;
    return Object.hasOwn(known, text) ? (known[text] as E) : 'UNKNOWN';
  }

  /** What a decoder makes of the value below a key, if there is one and it can. */
  optional<T>(key: string, decode: Decode<T>): Read<T> {
    const value = this.#object[key] ?? null;
    if (value === null) return null;
    try {
      return decode(value, this.#below(key));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.#report(pathOf(key, error.path), error.expected);
    }
  }

  /** What a decoder makes of the value below a key, which the answer is nothing without. */
  required<T>(key: string, decode: Decode<T>): T {
    try {
      return decode(this.#object[key], this.#below(key));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new DecodeError(pathOf(key, error.path), error.expected);
    }
  }

  #below(key: string): Report {
    return (path, expected) => this.#report(pathOf(key, path), expected);
  }
}

function pathOf(key: string, below: string): string {
  return below ? `${key}.${below}` : key;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** A UUID is the same in capitals (RFC 9562, section 4): small ones are what is compared with here. */
function idOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') {
    const small = value.toLowerCase();
    return small !== value && UUID.test(small) ? small : value.toWellFormed();
  }
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** As JSON's grammar has it. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * A number, null when there is none, undefined when it cannot be read. Django REST framework writes decimals as text
 * by default (`COERCE_DECIMAL_TO_STRING`), and so does pydantic; JSON has numbers that are none of JavaScript's (1e999).
 */
function numberOf(value: unknown): number | null | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if ((value ?? '') === '') return null;
  return typeof value === 'string' && NUMBER.test(value) ? numberOf(Number(value)) : undefined;
}
