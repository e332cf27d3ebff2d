import type { Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher } from 'undici';
import type { Share } from './shares.ts';

/** How connections are used. */
export interface ConnectionUse {
  origin: string;
  /** Milliseconds that an idle connection is kept, unless the server's own hint is shorter. */
  keepAliveMs: number;
  /** It is not open any more. `stray` when bytes came over it that nobody had asked for. */
  onClosed: (connection: Connection, stray: boolean) => void;
}

const MAX_RESPONSE_BYTES = 1024 * 1024;

/**
 * How much sooner than a server's hint an idle connection is closed: longer than a request is on its way. undici's own
 * 2 s would make a new connection for every request to a server that says `timeout=2`.
 */
const HINT_MARGIN_MS = 500;

/**
 * One connection for as long as it is open: HTTP/1.1, one request at a time. Made of a socket that is connected, where
 * undici's client would open one for the request it has, and another when that breaks: so it is known here whether a
 * request is the first on its connection, and how many connections are being opened.
 */
export class Connection {
  /** Whose share of the connections it is of, while somebody has it. */
  share: Share | undefined;
  readonly #socket: Socket;
  readonly #client: Client;
  readonly #use: ConnectionUse;
  #isUsed = false;
  #isKept = false;
  #restingSince = 0;
  #brokenBy: Error | undefined;
  #idleLimit: NodeJS.Timeout | undefined;

  constructor(socket: Socket, use: ConnectionUse) {
    this.#socket = socket;
    this.#use = use;
    this.#client = new Client(use.origin, {
      // Not at once, or undici forgets the request that it connects for.
      connect: (_options, connected) => queueMicrotask(() => this.#handOver(connected)),
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: use.keepAliveMs,
      keepAliveMaxTimeout: use.keepAliveMs,
      keepAliveTimeoutThreshold: HINT_MARGIN_MS,
      // Off: both start anew with each byte, so that the limit over the whole call always comes first.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MAX_RESPONSE_BYTES,
    });
    this.#client.once('disconnect', (_origin, _targets, error) => this.#closed(isStray(error)));
    socket.on('error', this.#broken);
    // Until undici has it, the socket is ours to watch.
    socket.once('close', this.#closedUnused);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /**
   * Whether it has answered before or was kept for later: a server may close such a connection while a request is on its
   * way.
   */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** What has broken it: undici would tell of the end that follows from it, and not of the alert by which TLS ended. */
  get brokenBy(): Error | undefined {
    return this.#brokenBy;
  }

  /** Whether anything was ever asked on it. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Whether an answer that comes now can only be the answer to what is asked now: nothing has come for `ms`, or ever. */
  isQuiet(now: number, ms: number): boolean {
    return !this.#isUsed || now - this.#restingSince >= ms;
  }

  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    if (this.#isUsed) this.#isKept = true;
    else this.#handToClient();
    this.#client.dispatch(request, handler);
  }

  /** Keeps it for later. */
  rest(now: number): void {
    this.#isKept = true;
    this.#restingSince = now;
    if (this.#isUsed) return;
    this.#socket.on('readable', this.#unasked).once('end', this.#end).unref();
    this.#idleLimit = setTimeout(this.#end, this.#use.keepAliveMs).unref();
  }

  /** Waits for the request under way. */
  close(): Promise<unknown> {
    if (!this.#isUsed) this.#socket.destroy();
    return this.#client.close();
  }

  #handToClient(): void {
    this.#isUsed = true;
    clearTimeout(this.#idleLimit);
    this.#socket.off('readable', this.#unasked).off('end', this.#end).off('close', this.#closedUnused).ref();
  }

  /** Gives the socket to undici, once: should it ask again, the request that it wants one for has come too late. */
  #handOver(connected: buildConnector.Callback): void {
    if (this.isOpen) return connected(null, this.#socket);
    connected(new Error('closed'), null);
    this.#closed(false);
  }

  #closed(stray: boolean): void {
    if (this.#client.destroyed) return;
    void this.#client.destroy();
    this.#use.onClosed(this, stray);
  }

  readonly #broken = (error: Error): void => void (this.#brokenBy ??= error);

  readonly #end = (): void => void this.#socket.destroy();

  readonly #closedUnused = (): void => this.#closed(false);

  readonly #unasked = (): void => {
    if (this.#socket.read() === null) return; // it has ended, which is told by itself
    this.#socket.off('close', this.#closedUnused).destroy();
    this.#closed(true);
  };
}

/** undici closes a connection on which bytes come while nothing is asked, or that are not HTTP. */
function isStray({ name, message }: Error): boolean {
  return name === 'HTTPParserError' || message === 'bad response';
}
