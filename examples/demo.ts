import { createInterface } from 'node:readline';
import { ConfigError, readConfig } from '../src/settings/config.ts';
import { openLinks } from '../src/links/links.ts';
import { type Logger, openLog } from '../src/telemetry/log.ts';
import { linkable, type ProviderName, providerNames } from '../src/providers/registry.ts';
import { startService } from '../src/service.ts';
import { startSimulators } from '../test/simulators/index.ts';

const QUERY = `{
  me {
    name
    activeSessions
    organization { name domain }
    billing { subscriptionStatus isPaying activePlan { name } }
    atomsAccount { email subscription { currentCredits } }
  }
}`;

/** A log for a person at a terminal: `pino-pretty` where it is installed, JSON lines where it is not. */
async function openReadableLog(level: string): Promise<Logger> {
  const pretty = await import('pino-pretty').catch(() => undefined);
  return openLog(pretty ? { level, to: pretty.build({ singleLine: true, sync: true }) } : { level });
}

/** The subgraph with four simulated providers, all of it on this machine. Obeys PORT, EXPLORER and LOG_LEVEL. */
async function demo(): Promise<void> {
  const simulators = await startSimulators();
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
Log in as                demo-ada, demo-grace or demo-linus

Paste into a terminal:

curl -s ${service.url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer demo-ada' \\
  -d '${JSON.stringify({ query: QUERY.replaceAll(/\s+/g, ' ') })}'

Type a provider's name (${providerNames.join(', ')}) to take it down, again to bring it back. Ctrl-C ends.

`);

  const down = new Set<ProviderName>();
  const isProvider = (text: string): text is ProviderName => (providerNames as string[]).includes(text);
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const name = line.trim();
    if (!isProvider(name)) return;
    if (down.delete(name)) {
      await simulators[name].isUp();
    } else {
      down.add(name);
      await simulators[name].isDown();
    }
    process.stdout.write(`${name} is ${down.has(name) ? 'down' : 'up'}\n`);
  });

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
