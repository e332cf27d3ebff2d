import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { OperationScope } from '../../src/http/call.ts';
import type { Caller } from '../../src/http/caller.ts';
import { Lifetime } from '../../src/http/lifetime.ts';
import type { Clock } from '../../src/http/clock.ts';
import {
  openUpstream,
  type Upstream,
  type UpstreamSettings,
  type UpstreamTools,
} from '../../src/http/upstream.ts';
import type { UpstreamError } from '../../src/http/upstream-error.ts';

/** A clock that stands still until it is told how much time has passed. */
export class ManualClock implements Clock {
  #now = 1_000;
  readonly #timers = new Map<NodeJS.Timeout, { at: number; act: () => void }>();

  readonly now = () => this.#now;

  readonly setTimeout = (act: () => void, ms: number): NodeJS.Timeout => {
    const timer = {} as NodeJS.Timeout;
    this.#timers.set(timer, { at: this.#now + ms, act });
    return timer;
  };

  readonly clearTimeout = (timer: NodeJS.Timeout): void => void this.#timers.delete(timer);

  /** Milliseconds until each timer that is running, the next one first. */
  get pending(): number[] {
    return [...this.#timers.values()].map(({ at }) => at - this.#now).toSorted((a, b) => a - b);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const [timer, { at, act }] of this.#timers) {
      if (at > this.#now) continue;
      this.#timers.delete(timer);
      act();
    }
  }
}

/** A server that accepts connections and says nothing, so that TLS is never established. */
export async function silence() {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => sockets.push(socket.on('error', () => {})));
  const connected = new Promise((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connected,
    /** Ends it; the upstream would wait for its connections otherwise. */
    ends() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A server of a few lines on loopback; ends with the test. */
export async function serve(listener: RequestListener): Promise<Server & { url: string }> {
  const server = createServer({ keepAliveTimeout: 600_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(server, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** Answers JSON. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** An upstream of a provider called `bird`; ends with the test. */
export function open(
  baseUrl: string,
  settings: Partial<UpstreamSettings> = {},
  tools: UpstreamTools = {},
): Upstream {
  const upstream = openUpstream(
    {
      name: 'bird',
      baseUrl,
      timeoutMs: 2_500,
      connections: 8,
      connectionsPerCaller: 8,
      keepAliveMs: 55_000,
      queue: 100,
      retries: 1,
      ...settings,
    },
    tools,
  );
  onTestFinished(() => upstream.close());
  return upstream;
}

/** An operation that can be ended, of a caller of its own unless somebody else is named. */
export function operation(headers: Record<string, string> = {}, caller: Caller = {}) {
  const lifetime = new Lifetime();
  const calls: string[] = [];
  const scope: OperationScope = { lifetime, caller, headers, countCall: (name) => calls.push(name) };
  return {
    scope,
    calls,
    /** The client has gone. */
    disconnects: () => lifetime.end('client left'),
    /** The operation's deadline has passed. */
    isOverdue: () => lifetime.end('deadline'),
  };
}

/** A GET whose answer is taken as it is. */
export function get(path: string, credential = 'ada') {
  return { path, credential, headers: { authorization: credential }, on: { ok: (body: unknown) => body } };
}

/** What a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<UpstreamError> {
  return promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: UpstreamError) => error,
  );
}

/** A request that a server received and has not answered. */
export interface Held {
  request: IncomingMessage;
  response: ServerResponse;
}

/** A server that holds each request until the test answers it. */
export async function hold() {
  const requests: Held[] = [];
  const waiting: (() => void)[] = [];
  const server = await serve((request, response) => {
    requests.push({ request, response });
    waiting.splice(0).forEach((look) => look());
  });
  return {
    url: server.url,
    requests,
    /** The nth request, from 0, once it is there. */
    async nth(index: number): Promise<Held> {
      while (requests.length <= index) await new Promise<void>((look) => waiting.push(look));
      return requests[index] as Held;
    },
  };
}
