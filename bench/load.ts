import { connect, type Socket } from 'node:net';
import type { Audience, Exchange, Workload } from './workloads.ts';

/** Who is to be kept busy. */
export interface Target {
  port: number;
  audience: Audience;
}

/** What a stretch of load has shown. */
export interface Measured {
  /** Requests answered, every one of them rightly. */
  answered: number;
  /** Length of the stretch. */
  seconds: number;
  /** One for each request, in milliseconds, sorted. */
  latencies: number[];
}

/** A load that has begun. */
export interface RunningLoad {
  /** Forgets what was measured up to now. */
  reset(): void;
  /** Sends nothing more, waits for the last answers and tells what happened since the last reset. */
  stop(): Promise<Measured>;
}

/**
 * Keeps a server busy: on each connection the next request goes out when the answer to the last one is in. Written
 * on node:net because it shares a core with the providers: a client library would cost more than the servers do.
 * Rejects at `stop` when any answer is not, byte for byte, the right one.
 */
export function startLoad({ port, audience }: Target, workload: Workload): RunningLoad {
  let latencies: number[] = [];
  let since = performance.now();
  const end = { stopped: false };
  const failures: Error[] = [];

  const runs = Array.from({ length: workload.connections }, async () => {
    const connection = new Connection(port);
    try {
      while (!end.stopped && failures.length === 0) {
        const exchange = workload.next(audience);
        const sentAt = performance.now();
        check(exchange, await connection.ask(exchange.request));
        latencies.push(performance.now() - sentAt);
      }
    } catch (error) {
      failures.push(error as Error);
    } finally {
      connection.close();
    }
  });

  return {
    reset() {
      latencies = [];
      since = performance.now();
    },
    async stop() {
      const measured = latencies;
      const seconds = (performance.now() - since) / 1_000;
      latencies = [];
      end.stopped = true;
      await Promise.all(runs);
      if (failures[0]) throw failures[0];
      return { answered: measured.length, seconds, latencies: measured.toSorted((a, b) => a - b) };
    },
  };
}

/** Throws unless an answer is the right one. */
export function check({ answer }: Exchange, got: { status: number; body: string }): void {
  if (got.status === 200 && got.body.trimEnd() === `{"data":${answer}}`) return;
  throw new Error(
    `Wrong answer, status ${got.status}:\n${got.body.slice(0, 600)}\ninstead of\n{"data":${answer.slice(0, 600)}}`,
  );
}

/** One kept-alive connection, one request at a time. */
export class Connection {
  readonly #socket: Socket;
  #text = '';
  #length = 0;
  #bodyAt = -1;
  #done: ((got: { status: number; body: string }) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#failed?.(error));
    this.#socket.on('close', () => this.#failed?.(new Error('The server closed the connection.')));
  }

  /** Whether the server has closed it, as far as is known. */
  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  ask(request: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      // Nothing would happen any more.
      if (this.isClosed) return reject(new Error('The server has closed the connection.'));
      this.#done = resolve;
      this.#failed = reject;
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#text += chunk;
    if (this.#bodyAt < 0) {
      const end = this.#text.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#bodyAt = end + 4;
      this.#length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#text.slice(0, end))?.[1]);
      if (Number.isNaN(this.#length)) return this.#failed?.(new Error('An answer has no content-length.'));
    }
    if (this.#text.length < this.#bodyAt + this.#length) return;
    const status = Number(this.#text.slice(9, 12));
    const body = this.#text.slice(this.#bodyAt, this.#bodyAt + this.#length);
    this.#text = '';
    this.#bodyAt = -1;
    this.#done?.({ status, body });
  }
}
