/**
 * From unknown JSON to the domain. A decoder is a plain function; `fields` gives it a reader over one JSON object
 * that is tolerant about absence (missing and null read the same) and strict about type (a number where text is
 * promised is an answer that cannot be trusted).
 */

import { utcTime } from './utc-time.ts';

/** Reports what could be read around: a path of keys and what was expected there, never a value. */
export type Warn = (path: string, expected: string) => void;

/** Turns a JSON value into the domain, or throws a `DecodeError`. */
export type Decode<T> = (json: unknown, warn: Warn) => T;

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
  return (json, warn) => read(new Fields(json, warn));
}

/** Decodes a value that carries nothing for us, such as the body of a 404. */
export const nothing: Decode<null> = () => null;

/** A JSON array of one kind of element. */
export function listOf<T>(element: Decode<T>): Decode<T[]> {
  return (json, warn) => {
    if (!Array.isArray(json)) throw new DecodeError('', 'a list');
    return json.map((value, index) => {
      try {
        return element(value, warn);
      } catch (error) {
        throw below(String(index), error);
      }
    });
  };
}

/** The elements of a list, as far as they can be read. */
export interface Readable<T> {
  readonly items: T[];
  /** How many could not be. */
  readonly unreadable: number;
}

/** A JSON array whose elements have nothing to do with each other: those that cannot be read are left out, with a warning. */
export function readableOf<T>(element: Decode<T>): Decode<Readable<T>> {
  return (json, warn) => {
    if (!Array.isArray(json)) throw new DecodeError('', 'a list');
    const items: T[] = [];
    let unreadable = 0;
    for (const [index, value] of json.entries()) {
      try {
        items.push(element(value, warn));
      } catch (error) {
        const problem = below(String(index), error);
        if (!(problem instanceof DecodeError)) throw problem;
        // One line is enough for a list in which all are the same.
        if (unreadable === 0) warn(problem.path, problem.expected);
        unreadable += 1;
      }
    }
    return { items, unreadable };
  };
}

/** The reader over one JSON object. Each method names the wire's key. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #warn: Warn;

  constructor(json: unknown, warn: Warn) {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new DecodeError('', 'an object');
    this.#object = json as Record<string, unknown>;
    this.#warn = warn;
  }

  /** Text, or null when absent. Half of a character is replaced: there are gateways that refuse an answer which has one. */
  text(key: string): string | null {
    const value = this.#object[key] ?? null;
    if (value !== null && typeof value !== 'string') throw new DecodeError(key, 'text');
    return value && value.toWellFormed();
  }

  /** An identifier: non-empty text, or an integer that is exact in JSON, as text. Never absent. */
  id(key: string): string {
    const value = this.#object[key];
    if (typeof value === 'string' && value !== '') return value.toWellFormed();
    if (Number.isSafeInteger(value)) return String(value);
    throw new DecodeError(key, 'an identifier');
  }

  /** True or false, or null when absent. */
  boolean(key: string): boolean | null {
    const value = this.#object[key] ?? null;
    if (value !== null && typeof value !== 'boolean') throw new DecodeError(key, 'true or false');
    return value;
  }

  /** Whether a flag says no. Anything else, its absence included, does not. */
  isFalse(key: string): boolean {
    return this.#object[key] === false;
  }

  /** A whole number that GraphQL's Int can carry (32 bits), or null when absent. */
  integer(key: string): number | null {
    const value = this.#object[key] ?? null;
    if (value === null) return null;
    if (typeof value !== 'number' || (value | 0) !== value)
      throw new DecodeError(key, 'a 32-bit whole number');
    return value;
  }

  /** A number, or null when absent. */
  number(key: string): number | null {
    const value = this.#object[key] ?? null;
    // JSON has numbers that are none of JavaScript's, such as 1e999.
    if (value !== null && !Number.isFinite(value)) throw new DecodeError(key, 'a number');
    return value as number | null;
  }

  /** A time as RFC 3339 in UTC (see `utcTime`). One that cannot be read, whatever it is, is null with a warning. */
  time(key: string): string | null {
    const value = this.#object[key] ?? null;
    if (value === null) return null;
    const time = typeof value === 'string' ? utcTime(value) : null;
    if (time === null) this.#warn(key, 'a time');
    return time;
  }

  /** One of a provider's open enumeration: a spelling that nobody told us about is `UNKNOWN`, absence is null. */
  oneOf<E extends string>(key: string, known: Readonly<Record<string, E>>): E | 'UNKNOWN' | null {
    const text = this.text(key);
    if (text === null) return null;
    return Object.hasOwn(known, text) ? (known[text] as E) : 'UNKNOWN';
  }

  /** What a decoder makes of the value below a key, or null when absent. */
  optional<T>(key: string, decode: Decode<T>): T | null {
    const value = this.#object[key] ?? null;
    return value === null ? null : this.#decode(key, value, decode);
  }

  /** The same, and absence is refused. */
  required<T>(key: string, decode: Decode<T>): T {
    return this.#decode(key, this.#object[key], decode);
  }

  #decode<T>(key: string, value: unknown, decode: Decode<T>): T {
    try {
      return decode(value, this.#warnBelow(key));
    } catch (error) {
      throw below(key, error);
    }
  }

  #warnBelow(key: string): Warn {
    return (path, expected) => this.#warn(`${key}.${path}`, expected);
  }
}

/** An error from below a key, with its path. */
function below(key: string, error: unknown): unknown {
  if (!(error instanceof DecodeError)) return error;
  return new DecodeError(error.path ? `${key}.${error.path}` : key, error.expected);
}
