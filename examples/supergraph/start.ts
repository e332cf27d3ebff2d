import type { IncomingHttpHeaders } from 'node:http';
import { readConfig } from '../../src/settings/config.ts';
import { openLinks } from '../../src/links/links.ts';
import { type Logger, openLog } from '../../src/telemetry/log.ts';
import { linkable } from '../../src/providers/registry.ts';
import { startService } from '../../src/service.ts';
import { type Simulators, startSimulators } from '../../test/simulators/index.ts';
import type { StartGateway } from './gateway.ts';
import { startProjects } from './projects/subgraph.ts';
import { composeSupergraph, type SubgraphUrls } from './supergraph.ts';

/** The secret that the gateway and the users subgraph of the example share. */
export const routerSecret = 'known-to-the-gateway-and-the-users-subgraph';

/** The gateway, and what may be started differently. */
export interface SupergraphSettings {
  /** The gateway's port; the users subgraph gets the next one and the projects subgraph the one after it. 0 for any. */
  port?: number;
  startGateway: StartGateway;
  compose?: (urls: SubgraphUrls) => string;
  /** What the gateway says to the users subgraph, if not the secret that they share. */
  said?: string;
  /** Told the headers of each request to the projects subgraph. */
  seenByProjects?: (headers: IncomingHttpHeaders) => void;
  /** Of the users subgraph; warnings only, if none is given. */
  log?: Logger;
  /** Settings of the users subgraph. */
  settings?: Record<string, string>;
}

export type Supergraph = Awaited<ReturnType<typeof startSupergraph>>;

/** Four simulated providers, the users subgraph, the projects subgraph, and a gateway in front: all on this machine. */
export async function startSupergraph({
  port = 0,
  startGateway,
  compose = composeSupergraph,
  said = routerSecret,
  seenByProjects,
  log = openLog({ level: 'warn' }),
  settings,
}: SupergraphSettings) {
  const portOf = (place: number) => (port === 0 ? 0 : port + place);
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).toReversed()) await end();
  };

  try {
    const simulators = await startSimulators();
    started.push(() => simulators.close());
    const users = await startUsers(simulators, log, {
      PORT: String(portOf(1)),
      ROUTER_SECRET: routerSecret,
      ...settings,
    });
    started.push(users.stop);
    const projects = await startProjects({
      port: portOf(2),
      ...(seenByProjects && { seen: seenByProjects }),
    });
    started.push(projects.stop);
    const supergraphSdl = compose({ users: `${users.url}/graphql`, projects: projects.url });
    const gateway = await startGateway({ supergraphSdl, routerSecret: said, port: portOf(0) });
    started.push(() => gateway.stop());
    return {
      ...simulators,
      url: gateway.url,
      /** The gateway, and the subgraphs behind it. */
      servers: [gateway.url, users.url, projects.url],
      stopUsers: users.stop,
      stopProjects: projects.stop,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The users subgraph, with the links of the simulators' people. */
async function startUsers(simulators: Simulators, log: Logger, environment: Record<string, string>) {
  const config = readConfig({
    LINKS_URL: 'sqlite::memory:',
    LINKS_ENCRYPTION_KEY: Buffer.alloc(32, 'demo').toString('base64'),
    EXPLORER: 'off',
    ...simulators.settings(),
    ...environment,
  });
  const links = await openLinks({ ...config.links, linkable, log });
  await links.import(Array.from(simulators.people.links(), (link) => `${JSON.stringify(link)}\n`));
  return startService({ config, log, links });
}
