import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './settings/config.ts';
import { type App, contextsOf } from './request/context.ts';
import { formatError } from './graphql/format-error.ts';
import { practise } from './http/practice.ts';
import { openUpstream, type Upstream } from './http/upstream.ts';
import type { Links } from './links/links.ts';
import { timedLinks } from './links/timed-links.ts';
import type { Logger } from './telemetry/log.ts';
import { openMetrics } from './telemetry/metrics.ts';
import { type ProviderName, providerNames } from './providers/registry.ts';
import { limitLists } from './graphql/list-values.ts';
import { buildSchema } from './graphql/schema.ts';
import { type RunningServer, startServer } from './server/front-door.ts';
import type { Tracing } from './telemetry/tracing.ts';
import { Identities } from './request/identities.ts';

/** What the service is started with. It takes the links over: stopping it closes them. */
export interface ServiceParts {
  config: Config;
  log: Logger;
  links: Links;
  /** Absent when nobody wants traces. */
  tracing?: Tracing | undefined;
  /** Milliseconds of a clock that only goes forward: how long it is known whose a token is. */
  now?: () => number;
}

/** How long a stop waits for the last spans to be taken. */
const LAST_SPANS_MS = 2_000;

/** A collector that is down costs its spans and `LAST_SPANS_MS`, and not the exit code. */
async function sendLastSpans(tracing: Tracing, log: Logger): Promise<void> {
  const sent = tracing.stop().then(
    () => true,
    () => false,
  );
  const isSent = await Promise.race([sent, sleep(LAST_SPANS_MS, false, { ref: false })]);
  if (!isSent) log.warn({}, 'The last spans could not be sent.');
}

/** The service, running. */
export interface Service extends Omit<RunningServer, 'warm'> {
  /**
   * Opens a connection to each provider, plans a query and practises calls, so that the first who ask do not wait for
   * any of it.
   */
  warm(): Promise<void>;
}

/** Starts the whole service, or nothing of it. Stopping it ends what is in flight first, then its connections. */
export async function startService({ config, log, links, tracing, now }: ServiceParts): Promise<Service> {
  const identities = new Identities(config.identityCacheSeconds, now);
  const upstreams: Partial<Record<ProviderName, Upstream>> = {};
  for (const name of providerNames) {
    const settings = config.providers.upstreams[name];
    if (!settings) continue;
    const { proxy } = settings;
    if (proxy) log.info({ provider: name, proxy: proxy.host }, `${name} through proxy ${proxy.host}`);
    const upstream = openUpstream(settings, { log, onStrayBytes: () => identities.forgetAll() });
    upstreams[name] = tracing?.watching(upstream) ?? upstream;
  }
  const metrics = openMetrics(Object.values(upstreams));
  const app: App = {
    config,
    upstreams,
    links: timedLinks(links, metrics.lookUp),
    identities,
    keyRejected(provider, userId) {
      metrics.keyRejected(provider);
      log.warn({ provider, userId }, "A person's own key is not taken: ask them for a new one.");
    },
    log,
  };
  const closeAll = async () => {
    await Promise.all(Object.values(upstreams).map((upstream) => upstream.close()));
    await links.close();
    if (tracing) await sendLastSpans(tracing, log);
  };

  try {
    const server = await startServer({
      config,
      schema: limitLists(buildSchema(), config.maxValues),
      contextOf: contextsOf(app),
      formatError,
      metrics,
      tracing,
      log,
    });
    let stopped: Promise<void> | undefined;
    return {
      ...server,
      async warm() {
        const connected = Object.values(upstreams).map((upstream) => upstream.warm());
        server.warm();
        await Promise.all([...connected, practise()]);
      },
      stop: () => (stopped ??= server.stop().then(closeAll)),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
