import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Answer, Received } from './answer.ts';
import { type Exchange, Faults, pathMatches } from './faults.ts';
import type { Identity } from '../support/authority.ts';

/** One vendor's API on a free port of loopback, with its state, its memory of requests and its faults. */
export abstract class Simulator extends Faults {
  /** Every request since the start or the last `reset()`, in the order of arrival. */
  readonly requests: Received[] = [];
  /** Turn it off under load, and memory stays flat: `received` goes on counting. */
  recording = true;
  /** Milliseconds before each answer. */
  latency = 0;
  /** Days by which the times in answers are moved: what was written in 2024 looks neglected in a demo. */
  daysMoved = 0;
  /** How many requests came. */
  received = 0;
  /** How many requests the client gave up before they were answered. */
  abandoned = 0;
  /** The most connections that were open at the same time. */
  maxOpenSockets = 0;

  readonly #server: Server;
  readonly #scheme: 'http' | 'https';
  /** Of TCP, below TLS where there is TLS. */
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting = new Set<() => void>();
  #port = 0;

  /** Speaks TLS when it is given an identity for it. */
  constructor(identity?: Identity) {
    super();
    const kept = { keepAlive: true, keepAliveTimeout: 600_000, requestTimeout: 0, headersTimeout: 0 };
    this.#scheme = identity ? 'https' : 'http';
    this.#server = identity ? createTlsServer({ ...kept, ...identity }) : createServer(kept);
    this.#server.on('request', (request, response) => this.#receive(request, response));
    this.#server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      this.maxOpenSockets = Math.max(this.maxOpenSockets, this.#sockets.size);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#notify();
      });
      this.#notify();
    });
  }

  /** Does what is asked and says what comes of it; `mistaken` = about somebody else than was asked for. */
  protected abstract answer(request: Received, mistaken: boolean): Answer;
  /** Undoes every change that requests have made. */
  protected abstract restore(): void;

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** The requests with this method to paths that begin with or match this. */
  calls(method?: string, path: string | RegExp = ''): Received[] {
    return this.requests.filter(
      (request) => (!method || request.method === method) && pathMatches(request.path, path),
    );
  }
  count(method?: string, path?: string | RegExp): number {
    return this.calls(method, path).length;
  }
  /** Each request as `GET /me`. */
  lines(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  /** Waits until something has happened here: a request, its end, a connection opened or closed. */
  until(happened: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!happened()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Nobody listens any more, and what was connected is cut off. */
  async isDown(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
  /** Listens, on the same port as before. */
  async isUp(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', 4096, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }
  /** Ends all faults, being down included. */
  async recovers(): Promise<void> {
    this.clearFaults();
    await this.isUp();
  }
  /** As it was at the start, but for `recording`, `latency` and open connections. */
  async reset(): Promise<void> {
    this.requests.length = 0;
    this.received = 0;
    this.abandoned = 0;
    this.maxOpenSockets = this.#sockets.size;
    this.restore();
    await this.recovers();
  }
  async close(): Promise<void> {
    await this.isDown();
  }

  #receive(message: IncomingMessage, response: ServerResponse) {
    const { headers } = message;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
      return this.#handle(message, response, '');
    }
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => this.#handle(message, response, Buffer.concat(chunks).toString()));
  }

  #handle(message: IncomingMessage, response: ServerResponse, body: string) {
    const { method = '', url: path = '', headers } = message;
    const request: Received = { method, path, headers, body };
    this.received++;
    if (this.recording) this.requests.push(request);
    let ours = false;
    response.once('close', () => {
      if (!response.writableEnded && !ours && this.#server.listening) this.abandoned++;
      this.#notify();
    });
    this.#notify();

    const fault = this.nextFault(request);
    if (!fault) {
      const answer = moved(this.answer(request, false), this.daysMoved);
      if (this.latency === 0) return send(response, answer);
      return this.#later(this.latency, response, () => send(response, answer));
    }
    const exchange: Exchange = {
      request,
      response,
      perform: (mistaken) => moved(this.answer(request, mistaken === 'mistaken'), this.daysMoved),
      send: (answer) => send(response, answer),
      later: (ms, act) => this.#later(ms, response, act),
      cut: () => {
        ours = true;
        const { remotePort } = message.socket;
        for (const socket of this.#sockets) if (socket.remotePort === remotePort) socket.resetAndDestroy();
      },
    };
    if (this.latency === 0) return fault(exchange);
    this.#later(this.latency, response, () => fault(exchange));
  }

  #later(ms: number, response: ServerResponse, act: () => void) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!response.destroyed) act();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  #notify() {
    for (const look of this.#waiting) look();
  }
}

/** A day within a text, whatever the form of the time behind it. It has as many characters on any other day. */
const DAY = /(?<=")\d{4}-\d\d-\d\d(?=[T ]\d\d:)/g;

function moved(answer: Answer, days: number): Answer {
  if (days === 0 || typeof answer.body !== 'string') return answer;
  const body = answer.body.replaceAll(DAY, (day) =>
    new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10),
  );
  return { ...answer, body };
}

function send(response: ServerResponse, { status, headers, body }: Answer) {
  response.writeHead(status, headers);
  response.end(body);
}
