import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import { isFromRouter, type Context } from './context.ts';
import { createApollo, HeaderView, type ApolloSettings } from './server/apollo.ts';
import { readJson } from './server/body.ts';
import { explorerPage } from './server/explorer.ts';
import { Refusal, send, sendJson, sendRefusal } from './server/refusal.ts';

/** What the front door opens on. */
export interface ServerParts extends Pick<ApolloSettings, 'schema' | 'formatError' | 'log'> {
  config: ServerConfig;
  /** Made for each GraphQL request, before it is parsed. */
  contextOf(request: { headers: IncomingHttpHeaders; signal: AbortSignal }): Context;
  /** How long to serve on, in ms, after readiness has said no: until no balancer sends anything new. */
  readinessDelayMs?: number;
}

export type ServerConfig = Pick<
  Config,
  | 'production'
  | 'host'
  | 'port'
  | 'routerSecrets'
  | 'introspection'
  | 'explorer'
  | 'inlineTrace'
  | 'maxInFlight'
  | 'maxRepresentations'
  | 'operationTimeoutMs'
>;

export interface RunningServer {
  url: string;
  port: number;
  /** Stops answering without losing a request. Resolves within the operation timeout and a second. */
  stop(): Promise<void>;
}

/** Opens the port. Rejects when it cannot be had. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, log, contextOf } = parts;
  const apollo = createApollo(parts);
  await apollo.start();
  const page = explorerPage(config.explorer);
  let inFlight = 0;
  let stopping = false;

  const http = createServer(
    {
      // Routers keep an idle connection for 15 s and more: whoever closes first loses requests.
      keepAliveTimeout: 65_000,
      headersTimeout: 5_000,
      requestTimeout: 8_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
    },
    (req, res) => {
      // A connection that ends with its answer is not reused in the moment in which it is closed.
      if (stopping) res.shouldKeepAlive = false;
      answer(req, res).catch((error: unknown) => {
        if (error instanceof Refusal) return sendRefusal(res, error);
        if (req.destroyed && !req.complete) return;
        log.error({ err: error }, 'A request could not be answered.');
        sendRefusal(res, new Refusal(500, 'INTERNAL_SERVER_ERROR', 'Internal server error'));
      });
    },
  );

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = pathOf(req);
    if (path === '/livez') return allowing('GET', req, () => sendJson(res, 200, { status: 'alive' }));
    if (path === '/readyz')
      return allowing('GET', req, () =>
        stopping ? sendJson(res, 503, { status: 'stopping' }) : sendJson(res, 200, { status: 'ready' }),
      );
    if (!isFromRouter(req.headers, config.routerSecrets))
      throw new Refusal(
        403,
        'FORBIDDEN',
        'Only the router may ask: send its secret in router-authorization.',
      );
    if (path === '/graphql') return allowing('POST', req, () => graphql(req, res));
    if (path === '/' && page !== undefined)
      return allowing('GET', req, () => send(res, 200, 'text/html; charset=utf-8', page));
    throw new Refusal(404, 'BAD_REQUEST', 'Nothing is here. GraphQL is at POST /graphql.');
  }

  async function graphql(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (inFlight >= config.maxInFlight)
      throw new Refusal(503, 'OVERLOADED', 'Too many requests are being answered. Try again in a second.', {
        'retry-after': '1',
      });
    inFlight += 1;
    try {
      await execute(await readJson(req), req, res);
    } finally {
      inFlight -= 1;
    }
  }

  async function execute(body: unknown, req: IncomingMessage, res: ServerResponse): Promise<void> {
    // One flat signal for both reasons to stop: signals made from signals are never freed.
    const abort = new AbortController();
    const deadline = setTimeout(
      () => abort.abort(new DOMException('The operation took too long.', 'TimeoutError')),
      config.operationTimeoutMs,
    );
    res.once('close', () => {
      if (!res.writableEnded) abort.abort();
    });
    try {
      const context = contextOf({ headers: req.headers, signal: abort.signal });
      res.setHeader('x-request-id', context.operation.requestId);
      const {
        status,
        headers,
        body: answer,
      } = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: new HeaderView(req.headers), search: '', body },
        context: async () => context,
      });
      if (answer.kind !== 'complete') throw new Error('Only complete answers are expected.');
      for (const [name, value] of headers) res.setHeader(name, value);
      send(res, status ?? 200, headers.get('content-type') ?? 'application/json', answer.string);
    } finally {
      clearTimeout(deadline);
    }
  }

  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    await new Promise((resolve) =>
      setTimeout(resolve, parts.readinessDelayMs ?? (config.production ? 5_000 : 0)),
    );
    const closed = new Promise((resolve) => http.close(resolve));
    const bound = setTimeout(() => http.closeAllConnections(), config.operationTimeoutMs + 1_000);
    await closed;
    clearTimeout(bound);
    await apollo.stop();
  }

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(config.port, config.host, resolve);
  });
  const { port } = http.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return { url: `http://${host}:${port}`, port, stop };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function allowing<T>(method: 'GET' | 'POST', req: IncomingMessage, respond: () => T): T {
  if (req.method === method || (method === 'GET' && req.method === 'HEAD')) return respond();
  throw new Refusal(405, 'BAD_REQUEST', `Only ${method} is allowed here.`, { allow: method });
}
