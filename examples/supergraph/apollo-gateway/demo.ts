import { ConfigError } from '../../../src/settings/config.ts';
import { openReadableLog } from '../../readable-log.ts';
import { switchHint, switchProviders } from '../../provider-switch.ts';
import { startSupergraph } from '../start.ts';
import { startApolloGateway } from './gateway.ts';

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
  const supergraph = await startSupergraph({
    startGateway: startApolloGateway,
    port: Number(process.env['PORT'] ?? 4000),
    log: await openReadableLog(process.env['LOG_LEVEL'] ?? 'info'),
  });
  supergraph.areOf(new Date());
  process.stdout.write(`
The supergraph is at   ${supergraph.url}/graphql   (an explorer: ${supergraph.url}/)
Log in as              demo-ada, demo-grace or demo-linus (and demo-1001 to demo-1100)

Paste into a terminal:

curl -s ${supergraph.url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer demo-ada' \\
  -d '${JSON.stringify({ query: QUERY.replaceAll(/\s+/g, ' ') })}'

A page of the account, from a second terminal (GATEWAY_URL=${supergraph.url}/graphql in front, with another PORT):

npm ci --prefix examples/account-page && npm run dev --prefix examples/account-page

${switchHint}

`);

  switchProviders(supergraph);

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
