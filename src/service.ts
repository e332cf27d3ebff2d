import type { Config } from './config.ts';
import { type App, contextsOf } from './context.ts';
import { formatError } from './format-error.ts';
import { notConfigured, openUpstream, type Upstream } from './http/upstream.ts';
import type { Links } from './links/links.ts';
import type { Logger } from './log.ts';
import { type ProviderName, providerNames } from './providers/index.ts';
import { buildSchema } from './schema.ts';
import { type RunningServer, startServer } from './server.ts';
import { Identities } from './viewer.ts';

/** What the service is started with. It takes the links over: stopping it closes them. */
export interface ServiceParts {
  config: Config;
  log: Logger;
  links: Links;
}

/** Starts the whole service, or nothing of it. Stopping it ends what is in flight first, then its connections. */
export async function startService({ config, log, links }: ServiceParts): Promise<RunningServer> {
  const upstreams = {} as Record<ProviderName, Upstream>;
  for (const name of providerNames) {
    const settings = config.providers.upstreams[name];
    upstreams[name] = settings ? openUpstream(settings) : notConfigured(name);
  }
  const app: App = { config, upstreams, links, identities: new Identities(config.identityCacheSeconds), log };
  const closeAll = async () => {
    await Promise.all(Object.values(upstreams).map((upstream) => upstream.close()));
    await links.close();
  };

  try {
    const server = await startServer({
      config,
      schema: buildSchema(),
      contextOf: contextsOf(app),
      formatError,
      log,
    });
    return { ...server, stop: () => server.stop().then(closeAll) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
