import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Answer, htmlAnswer, jsonAnswer, type Received } from './answer.ts';

/** One request being answered. */
export interface Exchange {
  readonly request: Received;
  readonly response: ServerResponse;
  /** Does what is asked and gives the right answer, or the one about somebody else. */
  perform(mistaken?: 'mistaken'): Answer;
  send(answer: Answer): void;
  /** Runs later, unless the client is gone by then. */
  later(ms: number, act: () => void): void;
  /** Resets the connection. */
  cut(): void;
}

/** Limits a fault: to this method, to paths that begin with or match this, to this many requests. */
export interface Limits {
  readonly method?: string;
  readonly path?: string | RegExp;
  readonly times?: number;
}

type Handling = (exchange: Exchange) => void;
type Fault = { method: string | undefined; path: string | RegExp; left: number; handle: Handling };

export function pathMatches(path: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? path.startsWith(wanted) : wanted.test(path);
}

/**
 * The ways in which a provider goes wrong, as verbs. Faults with `times` are used up in the order in which they were
 * set; then the last one set without it applies, until `recovers()`. What is damaged is the answer: unless a verb
 * says otherwise, a write is carried out all the same.
 */
export abstract class Faults {
  #faults: Fault[] = [];

  /** What this vendor answers with such a status. */
  abstract error(status: number): Answer;

  /** Answers this, and does not do what is asked. An object is sent as JSON. */
  answers(
    status: number,
    { body = '', headers, ...limits }: Limits & { body?: unknown; headers?: OutgoingHttpHeaders } = {},
  ) {
    const answer = jsonAnswer(body, status, { 'content-type': 'application/json', ...headers });
    this.fault(limits, ({ send }) => send(answer));
  }

  isUnauthorized(limits: Limits = {}) {
    this.#refuses(401, limits);
  }
  forbids(limits: Limits = {}) {
    this.#refuses(403, limits);
  }
  notFound(limits: Limits = {}) {
    this.#refuses(404, limits);
  }
  /** 429; `retryAfter` in seconds, or a date as text. */
  rateLimits(retryAfter?: number | string, limits: Limits = {}) {
    this.#refuses(429, limits, retryAfter);
  }
  fails(limits: Limits = {}) {
    this.#refuses(500, limits);
  }
  /** 502 with the HTML of a gateway in front. */
  badGateway(limits: Limits = {}) {
    const page = '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n';
    this.fault(limits, ({ send }) => send(htmlAnswer(502, page)));
  }
  /** 503; `retryAfter` in seconds, or a date as text. */
  unavailable(retryAfter?: number | string, limits: Limits = {}) {
    this.#refuses(503, limits, retryAfter);
  }

  /** Resets the connection as soon as it has read the request, and does not do what is asked. */
  resets(limits: Limits = {}) {
    this.fault(limits, ({ cut }) => cut());
  }
  /** Does what is asked, then resets the connection instead of answering. */
  resetsAfter(limits: Limits = {}) {
    this.fault(limits, ({ perform, cut }) => {
      perform();
      cut();
    });
  }
  /** Does what is asked and resets the connection in the middle of the answer: of its body, or of its head. */
  resetsWithin(limits: Limits = {}) {
    this.fault(limits, ({ perform, response, cut }) => {
      const { status, headers, body } = perform();
      if (body.length === 0) {
        response.socket?.write(`HTTP/1.1 ${status} `, cut);
      } else {
        response.writeHead(status, headers);
        response.write(body.slice(0, body.length >> 1), cut);
      }
    });
  }
  /** Answers rightly, then resets the connection that it had promised to keep. */
  resetsOnceAnswered(limits: Limits = {}) {
    this.fault(limits, ({ perform, send, response, cut }) => {
      response.once('finish', cut);
      send(perform());
    });
  }

  /** Answers rightly, this much later. */
  isSlow(ms: number, limits: Limits = {}) {
    this.fault(limits, ({ perform, send, later }) => {
      const answer = perform();
      later(ms, () => send(answer));
    });
  }
  /** Sends the head and one byte now and then, for ever. */
  drips(limits: Limits & { everyMs?: number } = {}) {
    const { everyMs = 50 } = limits;
    this.fault(limits, ({ perform, response, later }) => {
      const { status, headers } = perform();
      response.writeHead(status, { 'content-type': headers['content-type'] ?? 'application/json' });
      response.write('{');
      const drip = () => {
        response.write(' ');
        later(everyMs, drip);
      };
      later(everyMs, drip);
    });
  }
  neverAnswers(limits: Limits = {}) {
    this.fault(limits, ({ perform }) => void perform());
  }
  /** Closes the connection after half of the body that it announced. */
  truncates(limits: Limits = {}) {
    this.fault(limits, ({ perform, response }) => {
      const { status, headers, body } = perform();
      response.writeHead(status, { ...headers, 'content-length': Math.max(body.length, 2) });
      response.write(body.slice(0, body.length >> 1) || '{', () => response.socket?.end());
    });
  }
  /** Sends half of the JSON as if it were all. */
  answersHalf(limits: Limits = {}) {
    this.#damages(limits, (body) => body.slice(0, body.length >> 1));
  }

  /** The envelope and the ids are right, and every other value has another type than promised. */
  answersWrongTypes(limits: Limits = {}) {
    this.#damages(limits, (body) => JSON.stringify(withWrongTypes(JSON.parse(body))));
  }
  /** Each object of the right JSON that has one of these keys has this value there. */
  answersWith(values: Readonly<Record<string, unknown>>, limits: Limits = {}) {
    const changed = (key: string, value: unknown) => (Object.hasOwn(values, key) ? values[key] : value);
    this.#damages(limits, (body) => JSON.stringify(JSON.parse(body, changed)));
  }
  /** The right JSON, called plain text. */
  answersWrongContentType(limits: Limits = {}) {
    this.#damages(limits, (body) => body, { 'content-type': 'text/plain; charset=utf-8' });
  }
  /** The right JSON followed by so much white space; its length is not announced. */
  answersHuge(limits: Limits & { bytes?: number } = {}) {
    const padding = Buffer.alloc(limits.bytes ?? 2 * MEBIBYTE, ' ');
    this.fault(limits, ({ perform, send }) => {
      const { status, headers, body } = perform();
      const { 'content-length': _unannounced, ...head } = headers;
      send({ status, headers: head, body: Buffer.concat([Buffer.from(body), padding]) });
    });
  }
  /** The right JSON followed by 256 MiB of white space, gzipped to a thousandth although nobody accepts gzip. */
  answersBomb(limits: Limits = {}) {
    // A gzip body may have several members: one compressed MiB is repeated.
    const padding = Array<Buffer>(256).fill(gzipSync(Buffer.alloc(MEBIBYTE, ' ')));
    this.fault(limits, ({ perform, send }) => {
      const { status, headers, body } = perform();
      const bomb = Buffer.concat([gzipSync(body), ...padding]);
      send({
        status,
        headers: { ...headers, 'content-encoding': 'gzip', 'content-length': bomb.length },
        body: bomb,
      });
    });
  }
  /** Sends the client to another origin with the same path and query. */
  redirects(origin: string, status = 302, limits: Limits = {}) {
    this.fault(limits, ({ request, send }) => {
      const location = new URL(request.path, origin).href;
      send({ status, headers: { location, 'content-length': 0 }, body: '' });
    });
  }

  /** Answers about somebody else. A write is done for the right person. */
  answersAnotherPerson(limits: Limits = {}) {
    this.fault(limits, ({ perform, send }) => send(perform('mistaken')));
  }
  /** The vendor's failure in the clothes of a success, and what is asked is not done. */
  answersSuccessFalse(limits: Limits = {}) {
    const answer = { ...this.error(500), status: 200 };
    this.fault(limits, ({ send }) => send(answer));
  }
  /** A success without what was asked for. */
  answersNullData(limits: Limits = {}) {
    this.#damages(limits, (body) => JSON.stringify(withoutData(JSON.parse(body))));
  }

  /** Ends all faults. */
  protected clearFaults() {
    this.#faults = [];
  }

  /** What is to go wrong with the next request, if anything. */
  protected nextFault({ method, path }: Received): Handling | undefined {
    if (this.#faults.length === 0) return undefined;
    const hits = this.#faults.filter(
      (fault) => fault.left > 0 && (fault.method ?? method) === method && pathMatches(path, fault.path),
    );
    const fault = hits.find(({ left }) => left !== Infinity) ?? hits.at(-1);
    if (fault) fault.left--;
    return fault?.handle;
  }

  protected fault({ method, path = '', times = Infinity }: Limits, handle: Handling) {
    this.#faults.push({ method, path, left: times, handle });
  }

  #refuses(status: number, limits: Limits, retryAfter?: number | string) {
    const answer = this.error(status);
    if (retryAfter !== undefined) answer.headers['retry-after'] = String(retryAfter);
    this.fault(limits, ({ send }) => send(answer));
  }

  #damages(limits: Limits, damage: (body: string) => string, headers: OutgoingHttpHeaders = {}) {
    this.fault(limits, ({ perform, send }) => {
      const right = perform();
      if (right.body.length === 0) return send(right);
      send(jsonAnswer(damage(String(right.body)), right.status, { ...right.headers, ...headers }));
    });
  }
}

const MEBIBYTE = 1024 * 1024;
const KEPT = new Set('id _id userId tokenId success message meta total page size pages'.split(' '));

function withWrongTypes(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((element) => withWrongTypes(element));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withWrongTypes(inner, key)]));
  }
  if (KEPT.has(key) || (key === 'status' && value === true)) return value;
  if (typeof value === 'string') return 7;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function withoutData(value: Record<string, unknown>): unknown {
  for (const key of ['data', 'results']) if (key in value) return { ...value, [key]: null };
  return null;
}
