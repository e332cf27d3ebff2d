import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** A request as it came over the wire. */
export interface Received {
  readonly method: string;
  /** Path with query, as on the wire. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The text of the body, empty when there is none. */
  readonly body: string;
}

/** What goes back. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers: OutgoingHttpHeaders;
}

/** JSON goes out as it is given: an object is serialised, text is sent literally. */
export function jsonAnswer(
  body: unknown,
  status = 200,
  headers: OutgoingHttpHeaders = { 'content-type': 'application/json' },
): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, body: text, headers: { ...headers, 'content-length': Buffer.byteLength(text) } };
}

export function htmlAnswer(status: number, body: string): Answer {
  return jsonAnswer(body, status, { 'content-type': 'text/html; charset=utf-8' });
}

/** The answers about each person, made once. Holds so many at most: then it starts anew. */
export class Prepared<Key, Value> {
  readonly #values = new Map<Key, Value>();
  readonly #make: (key: Key) => Value;

  constructor(make: (key: Key) => Value) {
    this.#make = make;
  }

  get(key: Key): Value {
    let value = this.#values.get(key);
    if (value === undefined) {
      if (this.#values.size >= 20_000) this.#values.clear();
      this.#values.set(key, (value = this.#make(key)));
    }
    return value;
  }

  /** To be made again when it is asked for next: one of them, or all. */
  forget(key?: Key) {
    if (key === undefined) this.#values.clear();
    else this.#values.delete(key);
  }
}

/** The path without its query, and the query. */
export function split(path: string): [string, URLSearchParams] {
  const mark = path.indexOf('?');
  return mark < 0
    ? [path, new URLSearchParams()]
    : [path.slice(0, mark), new URLSearchParams(path.slice(mark + 1))];
}
