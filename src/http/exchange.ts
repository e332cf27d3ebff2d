import type { Dispatcher } from 'undici';
import { Answer, type AnswerHeaders, speaksOfItsConnection } from './answer.ts';
import type { Connection } from './connection.ts';
import { type NoAnswer, noAnswerOf, notConnected } from './no-answer.ts';
import { ProxyError } from './proxy.ts';
import { whenAllIsRead, whenAllIsReady } from './turns.ts';
import type { WireRequest } from './wire-request.ts';

/** How one attempt ended. */
export type Outcome = Answer | NoAnswer;

/**
 * Who sends it. Methods and no promises, here and in whatever waits for it: with six promises and their async functions
 * an operation takes a tenth more processor time.
 */
export interface Sender {
  /** Called with the outcome, unless the exchange is abandoned before. */
  ended(outcome: Outcome, exchange: Exchange): void;
}

/** Where its connection comes from. */
export interface Returning {
  release(connection: Connection): void;
}

const EMPTY = Buffer.alloc(0);

/**
 * One request on the wire and what comes back. It is undici's handler itself, which spares each call the stream,
 * the promises and the signal of `request()`. The body is always read to its end, so that its connection can be used
 * again; a provider that never ends is cut off by the time limit, or by the size limit.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #connection: Connection;
  readonly #connections: Returning;
  #sender: Sender | undefined;
  #isReleased = false;
  #controller: Dispatcher.DispatchController | undefined;
  #stopped: Error | undefined;
  #hasBegun = false;
  #status = 0;
  #headers: AnswerHeaders = {};
  #body: Buffer = EMPTY;
  #more: Buffer[] | undefined;

  /** Gives the connection back once undici has let go of the request, which may be after the outcome is known. */
  constructor(connection: Connection, connections: Returning, sender: Sender) {
    this.#connection = connection;
    this.#connections = connections;
    this.#sender = sender;
  }

  get connection(): Connection {
    return this.#connection;
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
  begin(request: WireRequest): void {
    whenAllIsReady(() => this.#connection.dispatch(request, this));
  }

  /** Gives up: nobody waits for the answer any more. */
  abandon(): void {
    this.#sender = undefined;
    this.#stop();
  }

  /** Gives up: the time is over. */
  expire(): void {
    const sender = this.#sender;
    this.#sender = undefined; // before undici calls back, which may be at once
    const outcome = this.#outcomeOf({ broken: 'timeout', code: 'UPSTREAM_TIMEOUT', sent: this.isSent });
    this.#stop();
    sender?.ended(outcome, this);
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
    const refusal = this.#status === 407 ? notConnected(new ProxyError({ status: 407 })) : undefined;
    whenAllIsRead(() => this.#end(() => refusal ?? new Answer(this.#status, this.#headers, body)));
    this.#release();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: unknown }): void {
    this.#release();
    this.#end(() =>
      this.#outcomeOf(noAnswerOf(this.#connection.brokenBy ?? error, this.isSent, this.#status > 0)),
    );
  }

  /**
   * Whoever is told is let go: undici's lists, once outgrown, are kept until V8 collects its old generation, and with
   * them this and whatever it holds (see `ReadsInFlight`).
   */
  #end(outcome: () => Outcome): void {
    const sender = this.#sender;
    this.#sender = undefined;
    sender?.ended(outcome(), this);
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#connections.release(this.#connection);
  }

  /** A status that is not a success says what there is to say, whatever has become of its body. */
  #outcomeOf(noAnswer: NoAnswer): Answer | NoAnswer {
    return this.#status >= 300 ? new Answer(this.#status, this.#headers, null) : noAnswer;
  }
}
