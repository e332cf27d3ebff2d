import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Context } from '../../src/request/context.ts';
import { formatError } from '../../src/graphql/format-error.ts';
import type { Lifetime } from '../../src/http/lifetime.ts';
import { openLog } from '../../src/telemetry/log.ts';
import { openMetrics } from '../../src/telemetry/metrics.ts';
import { traceOf } from '../../src/request/trace.ts';
import { Operation } from '../../src/request/operation.ts';
import { startServer, type ServerConfig } from '../../src/server/front-door.ts';
import type { Patience } from '../../src/server/http-server.ts';

/**
 * The real front door, on a real port, before a graph that is small enough to be told what to do: `tree` nests,
 * `waits` answers when it is released, `fails` throws what the test says.
 */
const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { tree: Tree  waits: String  fails: String  echo(text: String, number: Int, choice: Choice, of: Pick): String }
  type Mutation { first: String  second: String }
  type Tree @key(fields: "id") { id: ID!  tree: Tree  name: String }
  enum Choice { YES NO }
  input Pick { number: Int!  text: String }
`);

export type FrontDoor = Awaited<ReturnType<typeof openFrontDoor>>;

export async function openFrontDoor(settings: Partial<ServerConfig> = {}, patience: Partial<Patience> = {}) {
  const log: string[] = [];
  const lifetimes: Lifetime[] = [];
  const waiting: (() => void)[] = [];
  let onWaiting = () => {};
  let failure: unknown = new Error('not told to fail');
  let resolved = 0;

  const tree = () => ({ id: '1', name: 'leaf', tree });
  const schema = buildSubgraphSchema([
    {
      typeDefs,
      resolvers: {
        Query: {
          tree: () => (resolved++, tree()),
          echo: (_: unknown, { text }: { text?: string }) => (resolved++, text ?? null),
          fails: () => {
            throw failure;
          },
          waits: async (_: unknown, __: unknown, { operation: { lifetime } }: Context) => {
            onWaiting();
            await new Promise<void>((resolve, reject) => {
              waiting.push(resolve);
              lifetime.add({ end: (reason) => reject(new Error(reason)) });
            });
            return 'released';
          },
        },
        Mutation: { first: () => 'done', second: () => 'done' },
        Tree: { __resolveReference: async ({ id }: { id: string }) => (resolved++, { id, name: 'leaf' }) },
      },
    },
  ]);

  const server = await startServer({
    config: {
      production: false,
      host: '127.0.0.1',
      port: 0,
      routerSecrets: [],
      metricsSecrets: [],
      introspection: true,
      explorer: 'sandbox',
      inlineTrace: false,
      maxInFlight: 50,
      maxInFlightPerCaller: 50,
      idleConnectionSeconds: 620,
      maxRepresentations: 500,
      maxValues: 25_000,
      maxAnswerBytes: 16 * 1024 ** 2,
      operationTimeoutMs: 4_000,
      ...settings,
    },
    schema,
    formatError,
    metrics: openMetrics([]),
    log: openLog({
      level: 'debug',
      to: new Writable({ write: (line, _, next) => (log.push(String(line)), next()) }),
    }),
    contextOf({ headers, requestId, lifetime }) {
      lifetimes.push(lifetime);
      const trace = traceOf(headers);
      return {
        operation: new Operation({ requestId, trace, lifetime, callerOf: () => 'somebody', maxCalls: 1_000 }),
        viewer: { isOperator: false },
      } as Context;
    },
    patience: { unready: 0, check: 25, ...patience },
  });
  onTestFinished(() => {
    for (const release of waiting) release();
    return server.stop();
  });

  return {
    ...server,
    /** The log's lines so far, as text. */
    log,
    /** The lifetime of each request, in order. */
    lifetimes,
    fetch: (path: string, init?: RequestInit) => fetch(server.url + path, init),
    /** Sends an operation, and answers with the status and the parsed body. */
    async ask(query: string, { variables, headers }: Asked = {}) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      const body = JSON.parse(text) as {
        data?: unknown;
        errors?: { message: string; extensions: { code: string } }[];
      };
      return { status: response.status, headers: response.headers, text, body };
    },
    /** A connection to write bytes to and read bytes from. */
    async dial(): Promise<Socket & { received(): string }> {
      const socket = connect(server.port, '127.0.0.1');
      let received = '';
      socket.setEncoding('latin1').on('data', (text) => (received += String(text)));
      socket.on('error', () => {});
      await once(socket, 'connect');
      onTestFinished(() => void socket.destroy());
      return Object.assign(socket, { received: () => received });
    },
    /** What `fails` throws from now on. */
    failWith: (error: unknown) => (failure = error),
    /** Resolves when so many `waits` have begun to wait. */
    waiters: (count: number) =>
      new Promise<void>((resolve) => {
        onWaiting = () => queueMicrotask(() => waiting.length >= count && resolve());
        onWaiting();
      }),
    release: () => waiting.splice(0).forEach((release) => release()),
    /** Resolvers that have run. */
    resolved: () => resolved,
  };
}

interface Asked {
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
}
