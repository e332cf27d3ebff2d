import type { Config } from './config.ts';
import { type App, contextsOf } from './context.ts';
import { formatError } from './format-error.ts';
import { notConfigured, openUpstream, type Upstream } from './http/upstream.ts';
import { openLinks } from './links/links.ts';
import type { Logger } from './log.ts';
import { linkable, type ProviderName, providerNames } from './providers/index.ts';
import { buildSchema } from './schema.ts';
import { type RunningServer, startServer } from './server.ts';
import { Identities } from './viewer.ts';

/** Starts the whole service, or nothing of it. Stopping it ends what is in flight first, then its connections. */
export async function startService(config: Config, log: Logger): Promise<RunningServer> {
  const upstreams = {} as Record<ProviderName, Upstream>;
  for (const name of providerNames) {
    const settings = config.providers.upstreams[name];
    upstreams[name] = settings ? openUpstream(settings) : notConfigured(name);
  }
  const links = await openLinks({ ...config.links, linkable, log });
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
