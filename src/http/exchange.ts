import type { Dispatcher } from 'undici';
import { Answer, type AnswerHeaders, speaksOfItsConnection } from './answer.ts';
import { CONNECTION_FAULTS, type ConnectionFault, connectionFaultOf } from './connection-faults.ts';
import type { Connection } from './connection.ts';
import { ProxyError } from './proxy.ts';
import { whenAllIsRead, whenAllIsReady } from './turns.ts';

/** A request as it goes over the wire. */
export type WireRequest = Pick<Dispatcher.DispatchOptions, 'path' | 'method'> & {
  /** Names and values, alternating. */
  headers: string[];
  body: string | null;
};

/** How one attempt ended. */
export type Outcome = Answer | NoAnswer;

/** Why there is no answer. */
export interface NoAnswer {
  /**
   * How it failed: a connection that broke, none at all, none as long as nobody changes something, none in time, or
   * something too large or not HTTP.
   */
  readonly broken: 'reset' | 'unreachable' | 'misconfigured' | 'timeout' | 'unusable';
  /** The code of the error, such as `ECONNREFUSED`. All that is kept of it: its message may quote the request. */
  readonly code: string;
  /** Whether any of the request may have reached the provider. */
  readonly sent: boolean;
  /** What is wrong with the way to the provider, where that has a name. */
  readonly fault?: ConnectionFault;
  /** The status that a proxy has answered instead of leading to the provider. */
  readonly proxyStatus?: number | undefined;
}

const NOT_IN_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const NOT_IN_A_PATH = /[^\x21-\xff]/;

/**
 * Whether HTTP can carry a request. Not left to undici to find out: each request that it refuses costs it a
 * connection for good.
 */
export function isSendable({ path, headers }: WireRequest): boolean {
  // The names are ours.
  for (let at = 1; at < headers.length; at += 2) if (NOT_IN_A_VALUE.test(headers[at] ?? '')) return false;
  return !NOT_IN_A_PATH.test(path);
}

const EMPTY = Buffer.alloc(0);

/**
 * One request on the wire and what comes back. It is undici's handler itself, which spares each call the stream,
 * the promises and the signal of `request()`. The body is always read to its end, so that its connection can be used
 * again; a provider that never ends is cut off by the time limit, or by the size limit.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #released: () => void;
  #ended: ((outcome: Outcome) => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #stopped: Error | undefined;
  #hasBegun = false;
  #status = 0;
  #headers: AnswerHeaders = {};
  #body: Buffer = EMPTY;
  #more: Buffer[] | undefined;

  /**
   * `released` is called once undici has let go of the request, which may be after the outcome is known. `ended` is
   * called with the outcome, unless the exchange is abandoned before. Functions and no promises, here and in whatever
   * waits for it: with six promises and their async functions an operation takes a tenth more processor time.
   */
  constructor(released: () => void, ended: (outcome: Outcome) => void) {
    this.#released = released;
    this.#ended = ended;
  }

  /** Whether any of the request may have reached the provider. */
  get isSent(): boolean {
    return this.#controller !== undefined;
  }

  /** Whether the first byte of an answer has come. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Sends the request. */
  begin(connection: Connection, request: WireRequest): void {
    whenAllIsReady(() => connection.dispatch(request, this));
  }

  /** Gives up: nobody waits for the answer any more. */
  abandon(): void {
    this.#ended = undefined;
    this.#stop();
  }

  /** Gives up: the time is over. */
  expire(): void {
    const ended = this.#ended;
    this.#ended = undefined; // before undici calls back, which may be at once
    const outcome = this.#outcomeOf({ broken: 'timeout', code: 'UPSTREAM_TIMEOUT', sent: this.isSent });
    this.#stop();
    ended?.(outcome);
  }

  #stop(): void {
    this.#stopped = new Error('nobody waits for it');
    this.#controller?.abort(this.#stopped);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A throw drops the request before it is written; to abort it here would close a good connection.
    if (this.#stopped) throw this.#stopped;
    this.#controller = controller;
  }

  onResponseStarted(): void {
    this.#hasBegun = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    this.#status = status;
    this.#headers = headers;
    // Nobody is to meet this connection again.
    if (speaksOfItsConnection(status)) controller.abort(new Error('it is not to be used again'));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body === EMPTY) this.#body = chunk;
    else (this.#more ??= [this.#body]).push(chunk);
  }

  onResponseEnd(): void {
    const body = this.#more ? Buffer.concat(this.#more) : this.#body;
    // No provider's: a proxy wants credentials, and has passed nothing on.
    const refusal = this.#status === 407 ? withoutWay(new ProxyError({ status: 407 })) : undefined;
    whenAllIsRead(() => this.#ended?.(refusal ?? new Answer(this.#status, this.#headers, body)));
    this.#released();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: unknown }): void {
    this.#released();
    this.#ended?.(this.#outcomeOf(noAnswerOf(error, this.isSent, this.#status > 0)));
  }

  /** A status that is not a success says what there is to say, whatever has become of its body. */
  #outcomeOf(noAnswer: NoAnswer): Answer | NoAnswer {
    return this.#status >= 300 ? new Answer(this.#status, this.#headers, null) : noAnswer;
  }
}

/** What an error comes to, of undici's or on the way to the provider. */
export function noAnswerOf(error: Error & { code?: unknown }, sent: boolean, hasHead = false): NoAnswer {
  const fault = sent ? undefined : withoutWay(error);
  if (fault) return fault;
  const { name, code: known } = error;
  const code = typeof known === 'string' ? known : name;
  if (TIMEOUTS.has(code)) return { broken: 'timeout', code, sent };
  // HTTP, and legal, but not for undici: a `100 Continue` that nobody asked for, and a length that is sent twice, which
  // it takes for one of twice as many digits. There is no option for either, and asking again would end the same way.
  if (name === 'SocketError' && error.message === 'bad response')
    return { broken: 'unusable', code: 'UNASKED_100_CONTINUE', sent };
  // What the parser refuses within a body is one that was cut short.
  const isNotHttp = (name === 'HTTPParserError' || name === 'ResponseContentLengthMismatchError') && !hasHead;
  if (isNotHttp || OVERSIZED.has(code)) return { broken: 'unusable', code, sent };
  return { broken: sent ? 'reset' : 'unreachable', code, sent };
}

/** What an error comes to that says what is wrong with the way to the provider. */
function withoutWay(error: Error & { code?: unknown }): NoAnswer | undefined {
  const fault = connectionFaultOf(error);
  if (!fault) return undefined;
  const passing = fault === 'not-connected-in-time' ? 'timeout' : 'unreachable';
  const broken = CONNECTION_FAULTS[fault].lasts ? 'misconfigured' : passing;
  const proxyStatus = error instanceof ProxyError ? error.status : undefined;
  return { broken, code: String(error.code), sent: false, fault, proxyStatus };
}

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);
const OVERSIZED = new Set(['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'UND_ERR_HEADERS_OVERFLOW']);
