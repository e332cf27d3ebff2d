import { ConfigError, readConfig } from '../src/settings/config.ts';
import { openLinks } from '../src/links/links.ts';
import { linkable } from '../src/providers/registry.ts';
import { startService } from '../src/service.ts';
import { startSimulators } from '../test/simulators/index.ts';
import { openReadableLog } from './readable-log.ts';
import { switchHint, switchProviders } from './provider-switch.ts';

const QUERY = `{
  me {
    name
    activeSessions
    organization { name domain }
    billing { subscriptionStatus isPaying activePlan { name } }
    atomsAccount { email subscription { currentCredits } }
  }
}`;

/** The subgraph with four simulated providers, all of it on this machine. Obeys PORT, EXPLORER and LOG_LEVEL. */
async function demo(): Promise<void> {
  const simulators = await startSimulators();
  simulators.areOf(new Date());
  const { PORT, EXPLORER, LOG_LEVEL } = process.env;
  const config = readConfig({
    PORT,
    EXPLORER,
    LOG_LEVEL,
    LINKS_URL: 'sqlite::memory:',
    LINKS_ENCRYPTION_KEY: Buffer.alloc(32, 'demo').toString('base64'),
    ...simulators.settings(),
  });
  const log = await openReadableLog(config.logLevel);
  const links = await openLinks({ ...config.links, linkable, log });
  await links.import([...simulators.people.links()].map((link) => `${JSON.stringify(link)}\n`));
  const service = await startService({ config, log, links });

  process.stdout.write(`
The User subgraph is at  ${service.url}/graphql   (an explorer: ${service.url}/)
Log in as                demo-ada, demo-grace or demo-linus (and demo-1001 to demo-1100)

Paste into a terminal:

curl -s ${service.url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer demo-ada' \\
  -d '${JSON.stringify({ query: QUERY.replaceAll(/\s+/g, ' ') })}'

${switchHint}

`);

  switchProviders(simulators);

  process.once('SIGINT', async () => {
    await service.stop();
    await simulators.close();
    process.exit(0);
  });
}

await demo().catch((error: Error & { code?: string }) => {
  const taken =
    error.code === 'EADDRINUSE' ? 'The port is in use. Choose another: PORT=4002 npm run demo' : null;
  process.stderr.write(`${taken ?? (error instanceof ConfigError ? error.message : error.stack)}\n`);
  process.exit(1);
});
