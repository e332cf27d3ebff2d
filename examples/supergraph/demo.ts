import { createInterface } from 'node:readline';
import { ConfigError } from '../../src/settings/config.ts';
import { type ProviderName, providerNames } from '../../src/providers/registry.ts';
import { startSupergraph } from './start.ts';

const QUERY = `{
  me {
    name
    organization { name projects { name } }
    billing { subscriptionStatus }
    projects { name members { name organization { name } } }
  }
}`;

/** Both subgraphs behind `@apollo/gateway`, with four simulated providers: all on this machine. Obeys PORT. */
async function demo(): Promise<void> {
  const supergraph = await startSupergraph({ port: Number(process.env['PORT'] ?? 4000) });
  process.stdout.write(`
The supergraph is at   ${supergraph.url}/graphql   (an explorer: ${supergraph.url}/)
Log in as              demo-ada, demo-grace or demo-linus

Paste into a terminal:

curl -s ${supergraph.url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer demo-ada' \\
  -d '${JSON.stringify({ query: QUERY.replaceAll(/\s+/g, ' ') })}'

Type a provider's name (${providerNames.join(', ')}) to take it down, again to bring it back. Ctrl-C ends.

`);

  const down = new Set<ProviderName>();
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const name = providerNames.find((provider) => provider === line.trim());
    if (name === undefined) return;
    if (down.delete(name)) await supergraph[name].isUp();
    else {
      down.add(name);
      await supergraph[name].isDown();
    }
    process.stdout.write(`${name} is ${down.has(name) ? 'down' : 'up'}\n`);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await supergraph.stop();
      process.exit(0);
    });
  }
}

await demo().catch((error: Error & { code?: string }) => {
  const taken =
    'A port is in use; three in a row are needed. Choose others: PORT=5000 npm run demo:supergraph';
  const text = error instanceof ConfigError ? error.message : error.stack;
  process.stderr.write(`${error.code === 'EADDRINUSE' ? taken : text}\n`);
  process.exit(1);
});
