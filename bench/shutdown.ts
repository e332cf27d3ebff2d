import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { openLinks } from '../src/links/links.ts';
import { openLog } from '../src/telemetry/log.ts';
import { linkable } from '../src/providers/registry.ts';
import { ada, startSimulators } from '../test/simulators/index.ts';

/**
 * `npm run bench:shutdown`: SIGTERM in the middle of 200 requests a second, half of which wait for a provider that
 * never answers. Like a load balancer, the sender looks at readiness once a second and sends until it has seen a 503.
 * Ends with 1 unless every request got its answer and the process ended with 0 within its bound.
 */
const perSecond = 200;
// Before the provider's first time-out and its breaker: whatever waits for it still waits when the signal comes.
const secondsBefore = 2;
const probeMs = 1_000;
// Unready 5 s, the operation timeout 4 s, and a second.
const boundMs = 10_000;

const secret = randomBytes(32).toString('hex');
const simulators = await startSimulators();
simulators.atoms.neverAnswers();
const directory = await mkdtemp(join(tmpdir(), 'shutdown-'));
const key = randomBytes(32);
const linksUrl = `sqlite:${join(directory, 'links.db')}`;
const links = await openLinks({ url: linksUrl, keys: [key], linkable, log: openLog({ level: 'silent' }) });
await links.import([...simulators.people.links([ada])].map((link) => `${JSON.stringify(link)}\n`));
await links.close();

const server = spawn(process.execPath, ['src/main.js'], {
  env: {
    ...simulators.settings(),
    NODE_ENV: 'production',
    ALLOW_INSECURE_PROVIDERS: 'true',
    ROUTER_SECRET: secret,
    LINKS_URL: linksUrl,
    LINKS_ENCRYPTION_KEY: key.toString('base64'),
    PORT: '0',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const exited = once(server, 'exit');
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
const { url } = JSON.parse((await lines.next()).value as string) as { url: string };
server.stdout.resume();

const agent = new Agent({ connections: 1_000, keepAliveTimeout: 15_000 });
const queries = ['{ me { name atomsAccount { email } } }', '{ me { name } }'];
const lost: string[] = [];
const waits: number[] = [];
let sent = 0;
let sentAfterSignal = 0;
let signalledAt = 0;

async function ask(query: string): Promise<void> {
  sent += 1;
  if (signalledAt) sentAfterSignal += 1;
  const startedAt = performance.now();
  try {
    const { statusCode, body } = await request(`${url}/graphql`, {
      method: 'POST',
      dispatcher: agent,
      headers: {
        'content-type': 'application/json',
        'router-authorization': secret,
        authorization: `Bearer ${ada.token}`,
      },
      body: JSON.stringify({ query }),
    });
    const answer = (await body.json()) as { data?: { me?: { name?: string } } };
    if (statusCode !== 200 || !answer.data?.me?.name) lost.push(`${statusCode} ${JSON.stringify(answer)}`);
    waits.push(performance.now() - startedAt);
  } catch (error) {
    lost.push(String(error));
  }
}

async function isReady(): Promise<boolean> {
  const { statusCode, body } = await request(`${url}/readyz`, { dispatcher: agent });
  await body.dump();
  return statusCode === 200;
}

const asked: Promise<void>[] = [];
const sender = setInterval(
  () => {
    for (const query of queries) asked.push(ask(query));
  },
  (1_000 * queries.length) / perSecond,
);

await delay(secondsBefore * 1_000);
const waitingAtSignal = sent - waits.length;
signalledAt = performance.now();
server.kill('SIGTERM');
while (await isReady()) await delay(probeMs);
clearInterval(sender);
const toldAfter = performance.now() - signalledAt;
await Promise.all(asked);
const [code] = (await exited) as [number | null];
const endedAfter = performance.now() - signalledAt;
await agent.close();
await simulators.close();
await rm(directory, { recursive: true });

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
process.stdout.write(`
requests sent             ${sent}, ${sentAfterSignal} of them after SIGTERM
in flight at SIGTERM      ${waitingAtSignal}
lost                      ${lost.length}
slowest answer            ${seconds(Math.max(...waits))}
readiness said no after   ${seconds(toldAfter)}
ended after               ${seconds(endedAfter)}, with exit code ${code} (bound: ${seconds(boundMs)})
${[...new Set(lost)].slice(0, 5).join('\n')}
`);
process.exitCode = lost.length === 0 && code === 0 && endedAfter < boundMs ? 0 : 1;
