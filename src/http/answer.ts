import { withoutMark } from './byte-order-mark.ts';
import { type Decode, DecodeError, type Report } from './decode.ts';
import type { UpstreamFailure } from './upstream-error.ts';

/** What an answer is taken for: what a decoder makes of its JSON, or what its status means or fails, whatever its body. */
export type Reading<T> = Decode<T> | { readonly means: T } | { readonly fails: UpstreamFailure };

/** A reading by status; `ok` is any 2xx that is not listed. */
export interface Readings<T> {
  ok: Reading<T>;
  [status: number]: Reading<T>;
}

/** Header fields of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What a provider answered. */
export class Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly #body: Buffer | null;
  #json: { readonly value: unknown } | undefined;
  #told: Set<string> | undefined;

  /** Without a body (null) when it did not come as a whole. */
  constructor(status: number, headers: AnswerHeaders, body: Buffer | null) {
    this.status = status;
    this.headers = headers;
    this.#body = body;
  }

  /** Any 2xx. */
  get isSuccess(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** What a caller takes an answer of this status for. */
  readingOf<T>(on: Readings<T>): Reading<T> | undefined {
    return on[this.status] ?? (this.isSuccess ? on.ok : undefined);
  }

  /** A decoder gets undefined for a body without a byte. Throws `DecodeError` when the body cannot be used. */
  read<T>(reading: Decode<T> | { readonly means: T }, report: Report): T {
    if ('means' in reading) return reading.means;
    this.#json ??= { value: this.#parse() };
    return reading(this.#json.value, report);
  }

  /**
   * Whether this is to be told of, once for all who wait for the answer: that it is not used (no path), or a part that
   * cannot be read. In a list in which all are the same, the first says it.
   */
  isToBeTold(path = ''): boolean {
    const place = path.replaceAll(/(?<=^|\.)\d+(?=\.|$)/g, '*');
    this.#told ??= new Set();
    return this.#told.size < this.#told.add(place).size;
  }

  #parse(): unknown {
    if (this.#body === null) throw new DecodeError('', 'complete');
    if (this.#body.length === 0) return undefined;
    const encoding = this.headers['content-encoding'];
    if (encoding !== undefined && !isIdentity(encoding)) throw new DecodeError('', 'free of encoding');
    if (!isJson(this.headers['content-type'])) throw new DecodeError('', 'called JSON');
    try {
      return JSON.parse(withoutMark(this.#body.toString()));
    } catch {
      throw new DecodeError('', 'JSON');
    }
  }
}

/**
 * Whether a status says that a connection was at fault and not the request, which did not come in time (408) or over
 * a connection that is for other hosts (421): over a new one it may do.
 */
export function speaksOfItsConnection(status: number): boolean {
  return status === 408 || status === 421;
}

/** None at all, by whatever case. */
function isIdentity(encoding: string | string[]): boolean {
  return typeof encoding === 'string' && /^(?:identity)?$/i.test(encoding.trim());
}

/** Looked at before parsing: what stands in front of a provider answers HTML or text. */
function isJson(contentType: string | string[] | undefined): boolean {
  return typeof contentType === 'string' && /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType);
}
