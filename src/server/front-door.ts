import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../settings/config.ts';
import { ambiguousHeader, bearerOf, requestIdOf, secretCheck } from '../request/context.ts';
import type { Soon } from '../loading/soon.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { operationReports } from '../telemetry/operation-report.ts';
import { operatorAudit } from '../telemetry/operator-audit.ts';
import { createApollo, type ApolloSettings } from '../graphql/apollo.ts';
import { openExplorer } from '../explorer/explorer.ts';
import { graphqlEndpoint, type EndpointParts } from './graphql-endpoint.ts';
import { KnownOperations } from '../graphql/known-operations.ts';
import { type Endings, observing } from '../graphql/observing.ts';
import { maskedMessage } from '../graphql/format-error.ts';
import { allowing, NotAnswered, Refusal, send, sendJson, sendRefusal } from './answers.ts';
import type { Tracing } from '../telemetry/tracing.ts';

// Imported as an ES module it would have Node load its own `fetch` and `WebSocket`, 10 ms of a start.
const node = process.getBuiltinModule('node:http');

/** What the front door opens on. */
export interface ServerParts extends EndpointParts, Pick<ApolloSettings, 'schema' | 'formatError' | 'log'> {
  config: ServerConfig;
  metrics: Metrics;
  tracing?: Tracing | undefined;
  patience?: Partial<Patience>;
}

/** The settings that the front door obeys. */
export type ServerConfig = Pick<
  Config,
  | 'production'
  | 'host'
  | 'port'
  | 'routerSecrets'
  | 'metricsSecrets'
  | 'introspection'
  | 'explorer'
  | 'inlineTrace'
  | 'maxInFlight'
  | 'maxInFlightPerCaller'
  | 'idleConnectionSeconds'
  | 'maxRepresentations'
  | 'maxValues'
  | 'maxAnswerBytes'
  | 'operationTimeoutMs'
>;

/** How long the server waits for others, in ms. */
export interface Patience {
  /** For a request's headers, and for all of a request: a client that drips its bytes holds nothing for longer. */
  headers: number;
  request: number;
  /** How often those two are looked at. */
  check: number;
  /** For load balancers to see that this server is not ready any more, before it stops accepting. */
  unready: number;
  /** For the operations in flight, once it has stopped accepting, beyond the deadline that each has. */
  drain: number;
}

const usualPatience: Patience = {
  headers: 5_000,
  request: 8_000,
  check: 1_000,
  unready: 5_000,
  drain: 1_000,
};

/** A server that answers. */
export interface RunningServer {
  url: string;
  port: number;
  /** Stops without losing a request, within the two waits of `Patience` and the operation timeout. */
  stop(): Promise<void>;
}

/** Not counted: a server that stops says 503 there, which is nothing that was refused. */
const HEALTH = new Set(['/livez', '/readyz']);

/** Opens the port. Rejects when it cannot be had. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, log, metrics } = parts;
  const patience = { ...usualPatience, ...(!config.production && { unready: 0 }), ...parts.patience };
  const explorer = await openExplorer(config.explorer);
  const observers = [
    // First, so that a report names the trace that was begun here.
    ...(parts.tracing ? [parts.tracing.observer] : []),
    operationReports(log, metrics.operation),
    operatorAudit(log, metrics.operatorRead),
  ];
  const known = new KnownOperations({ ...parts, observers });
  // Inline traces are made by Apollo Server while it executes.
  const endings: Endings = new WeakMap();
  const apollo = createApollo(
    parts,
    observing(observers, log, config.inlineTrace ? undefined : known, endings),
  );
  await apollo.start();
  const graphql = graphqlEndpoint(parts, { apollo, known, endings });
  const isRouters = secretCheck(() => config.routerSecrets);
  const isOfMetrics = secretCheck(() => config.metricsSecrets);
  let stopped: Promise<void> | undefined;

  /**
   * Once the server stops a connection ends with its answer, so that none is closed under a request on its way. Asked
   * when an answer is sent: a set of those under way would keep their memory long after (V8's sets leave the tables
   * that they have outgrown to the old generation, and all that was in them).
   */
  class Answer extends node.ServerResponse {
    override writeHead(...head: unknown[]): this {
      if (stopped) this.shouldKeepAlive = false;
      return super.writeHead(...(head as [number]));
    }
  }

  const http = node.createServer(
    {
      ServerResponse: Answer,
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      connectionsCheckingInterval: patience.check,
      // Longer than the other side keeps one: whoever closes first loses a request that is on its way.
      keepAliveTimeout: config.idleConnectionSeconds * 1_000,
      maxHeaderSize: 16 * 1024,
      // Of two `authorization` Node would keep the first, which may be the client's beside the gateway's own.
      joinDuplicateHeaders: true,
    },
    async (req, res) => {
      const path = pathOf(req);
      const requestId = requestIdOf(req.headers);
      try {
        await answer(path, req, res, requestId);
      } catch (error) {
        if (error instanceof Refusal) {
          const { status, code } = error;
          log.debug({ requestId, status, code, reason: error.message }, 'A request was refused.');
          sendRefusal(res, error, requestId);
        } else if (!(error instanceof NotAnswered)) {
          log.error({ requestId, err: error }, 'A request met an error that nobody foresaw.');
          sendRefusal(res, new Refusal(500, 'INTERNAL_SERVER_ERROR', maskedMessage(requestId)), requestId);
        }
      }
      if (res.headersSent && !HEALTH.has(path)) metrics.response(res.statusCode);
    },
  );

  function answer(path: string, req: IncomingMessage, res: ServerResponse, requestId: string): Soon<void> {
    if (path === '/livez') return allowing('GET', req, () => sendJson(res, 200, { status: 'alive' }));
    if (path === '/readyz')
      return allowing('GET', req, () =>
        stopped ? sendJson(res, 503, { status: 'stopping' }) : sendJson(res, 200, { status: 'ready' }),
      );
    if (path === '/metrics') return answerWithMetrics(req, res);
    const { 'router-authorization': sent } = req.headers;
    const isFromRouter = isRouters(typeof sent === 'string' ? sent : undefined);
    if (config.routerSecrets.length > 0 && !isFromRouter)
      throw new Refusal(
        403,
        'FORBIDDEN',
        'Only the router is answered: send its secret as router-authorization.',
      );
    const ambiguous = ambiguousHeader(req);
    if (ambiguous !== null)
      throw new Refusal(
        400,
        'BAD_REQUEST',
        `The header ${ambiguous} came twice or holds a comma: who is asking must be said once.`,
      );
    if (path === '/graphql')
      return allowing('POST', req, () => graphql.answer(req, res, { isFromRouter, requestId }));
    return answerWithPage(path, req, res);
  }

  /** The metrics have a secret of their own: whoever collects them is nobody who may ask. */
  function answerWithMetrics(req: IncomingMessage, res: ServerResponse): Soon<void> {
    const isOpen = !config.production && config.metricsSecrets.length === 0;
    if (!isOpen && !isOfMetrics(bearerOf(req.headers) ?? undefined))
      throw new Refusal(
        403,
        'FORBIDDEN',
        config.metricsSecrets.length > 0
          ? 'The metrics are for whoever collects them: send METRICS_SECRET as authorization: Bearer <secret>.'
          : 'The metrics are closed: METRICS_SECRET is not set.',
      );
    return allowing('GET', req, async () =>
      send(res, 200, metrics.contentType, await metrics.text({ inFlight: graphql.inFlight() })),
    );
  }

  async function answerWithPage(path: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const page = await explorer(path);
    if (page) return allowing('GET', req, () => send(res, 200, page.type, page.body));
    throw new Refusal(404, 'BAD_REQUEST', 'Nothing is here. GraphQL is at POST /graphql.');
  }

  async function stop(): Promise<void> {
    await delay(patience.unready);
    const closed = new Promise((resolve) => http.close(resolve));
    const bound = setTimeout(() => http.closeAllConnections(), config.operationTimeoutMs + patience.drain);
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
  return { url: `http://${host}:${port}`, port, stop: () => (stopped ??= stop()) };
}

/** A target may be a whole address, as proxies are asked (RFC 9112, section 3.2.2): its path counts. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
  const query = target.indexOf('?');
  return (query < 0 ? target : target.slice(0, query)) || '/';
}
