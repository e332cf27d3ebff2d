import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../settings/config.ts';
import { ambiguousHeader, bearerOf, secretCheck } from '../request/context.ts';
import type { Soon } from '../loading/soon.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { operationReports } from '../telemetry/operation-report.ts';
import { operatorAudit } from '../telemetry/operator-audit.ts';
import { createApollo, type ApolloSettings } from '../graphql/apollo.ts';
import { openExplorer } from '../explorer/explorer.ts';
import { graphqlEndpoint, type EndpointParts } from './graphql-endpoint.ts';
import { KnownOperations } from '../graphql/known-operations.ts';
import { type Endings, observing } from '../graphql/observing.ts';
import { allowing, Refusal, send, sendJson } from './answers.ts';
import { type Arrival, openHttp, type Patience, usualPatience } from './http-server.ts';
import type { Tracing } from '../telemetry/tracing.ts';

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

/** A server that answers. */
export interface RunningServer {
  url: string;
  port: number;
  /** Does beforehand what the first operations would have to wait for. */
  warm(): void;
  /** Stops without losing a request, within the two waits of `Patience` and the operation timeout. */
  stop(): Promise<void>;
}

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

  function answer(
    req: IncomingMessage,
    res: ServerResponse,
    { path, requestId, isStopping }: Arrival,
  ): Soon<void> {
    if (path === '/livez') return allowing('GET', req, () => sendJson(res, 200, { status: 'alive' }));
    if (path === '/readyz')
      return allowing('GET', req, () =>
        isStopping ? sendJson(res, 503, { status: 'stopping' }) : sendJson(res, 200, { status: 'ready' }),
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

  const { stop, ...http } = await openHttp({ config, patience, log, metrics }, answer);
  return {
    ...http,
    warm: () => known.warm(),
    stop: () => stop(() => apollo.stop()),
  };
}
