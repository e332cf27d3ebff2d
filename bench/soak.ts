import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { openLinks } from '../src/links/links.ts';
import { openLog } from '../src/telemetry/log.ts';
import { linkable } from '../src/providers/registry.ts';
import { ada, numbered, type Person, startSimulators } from '../test/simulators/index.ts';
import type { Simulator } from '../test/simulators/simulator.ts';
import { residentMiB } from './processes.ts';

/**
 * `npm run soak`, or `npm run soak -- --minutes 30`: the service in production mode with default settings, in a
 * process of its own, between simulated providers. Prints what a provider in trouble costs, then what memory a long
 * load costs. Nothing but loopback is touched.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);

const people = Array.from({ length: 100 }, (_, index) => numbered(1_001 + index));
const routerSecret = randomBytes(32).toString('hex');
const metricsSecret = 'the-soak-reads-the-metrics';
const asCollector = { authorization: `Bearer ${metricsSecret}` };
const asGateway = { 'content-type': 'application/json', 'router-authorization': routerSecret };
const directory = mkdtempSync(join(tmpdir(), 'user-subgraph-soak-'));
const simulators = await startSimulators();
const crowd = [...people, ...simulators.people.generate(500)];
const { bird, ejento, insighto, atoms } = simulators;
const providers = { bird, ejento, insighto, atoms };
for (const provider of Object.values(providers)) provider.recording = false;
const client = new Agent({ connections: 600, pipelining: 1, keepAliveTimeout: 60_000 });
const { server, url } = await startServer();
process.once('exit', () => server.kill('SIGKILL'));

await costOfADeadProvider();
await costOfAHangingProvider();
await connectionsOfACrowd();
await memoryOf(minutes);

server.kill('SIGTERM');
await once(server, 'exit');
await client.close();
await simulators.close();
rmSync(directory, { recursive: true });

/** Calls per request, and the time until a provider that is well again is asked again. */
async function costOfADeadProvider(): Promise<void> {
  const ways: [string, (of: Simulator) => unknown][] = [
    ['refuses connections', (of) => of.isDown()],
    ['resets connections', (of) => of.resets()],
    ['answers 503', (of) => of.unavailable()],
    ['never answers', (of) => of.neverAnswers()],
  ];
  console.log('\nA provider that is down: calls per request, answer times, time until it is asked again');
  for (const [way, happens] of ways) {
    await isWell();
    await happens(ejento);
    const before = await callsTo('ejento');
    const times = await answerTimes(people, '{ me { name organization { name } } }');
    const calls = ((await callsTo('ejento')) - before) / people.length;
    await ejento.recovers();
    const recovery = await timeUntilWell();
    console.log(`  ${way.padEnd(20)} ${calls.toFixed(2)}  ${inWords(times)}  ${Math.round(recovery)} ms`);
  }
}

/** How long people wait when a provider never answers: each asks for something of every provider. */
async function costOfAHangingProvider(): Promise<void> {
  console.log('\nA provider that never answers: answer times of 100 requests for something of each provider');
  const query = '{ me { name organization { name } billing { isPaying } atomsAccount { email } } }';
  for (const [name, provider] of Object.entries(providers)) {
    await isWell();
    provider.neverAnswers();
    console.log(`  ${name.padEnd(20)} ${inWords(await answerTimes(people, query))}`);
    await provider.recovers();
    await timeUntilWell();
  }
}

/** The most connections that 600 people open who ask at once; the front door may turn some away. */
async function connectionsOfACrowd(): Promise<void> {
  await isWell();
  for (const provider of Object.values(providers)) provider.latency = 50;
  const query = '{ me { name organization { name } billing { isPaying } atomsAccount { email } } }';
  const statuses = await Promise.all(crowd.map(async (person) => (await ask(query, person)).status));
  const answered = statuses.filter((status) => status === 200).length;
  console.log(
    `\n600 people at once: ${answered} answered, ${600 - answered} turned away; connections opened`,
  );
  for (const [name, provider] of Object.entries(providers)) {
    console.log(`  ${name.padEnd(20)} ${provider.maxOpenSockets}`);
    provider.latency = 0;
  }
}

/** Heap after collection, over a load in which things also go wrong and clients also leave. */
async function memoryOf(minutes: number): Promise<void> {
  const until = performance.now() + minutes * 60_000;
  let answered = 0;
  const load = Promise.all(
    Array.from({ length: 16 }, async () => {
      while (performance.now() < until) {
        await oneOf(answered);
        answered += 1;
      }
    }),
  );
  console.log(
    `\n${minutes} minutes of load: requests so far, heap in MB after collection, resident memory in MiB`,
  );
  const samples: { answered: number; heap: number }[] = [];
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, (minutes * 60_000) / 20));
    server.send('how much?');
    const [heap] = (await once(server, 'message')) as [number];
    samples.push({ answered, heap });
    const resident = residentMiB(server.pid as number);
    console.log(`  ${String(answered).padStart(9)}  ${(heap / 1e6).toFixed(2)}  ${resident.toFixed(0)}`);
  }
  await load;
  console.log(`  growth: ${growthPer10_000(samples.slice(4)).toFixed(3)} MB per 10,000 requests`);
}

/** The nth request of the load. */
async function oneOf(n: number): Promise<unknown> {
  const person = people[n % people.length] as Person;
  if (n % 1_000 === 0) ejento.resets({ times: 3 });
  if (n % 97 === 0) return ask('mutation { updateMe(input: { bio: "-" }) { __typename } }', person);
  if (n % 31 === 0)
    return ask('{ me { name billing { isPaying } } }', person, AbortSignal.timeout(1)).catch(() => {});
  if (n % 7 === 0) {
    const of = people.slice(0, 20).map(({ userId }) => ({ __typename: 'User', id: userId }));
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { organization { name } } } }';
    return post({ query, variables: { of } }, { 'x-user-scopes': 'users:read' });
  }
  return ask(
    '{ me { name sessions { id } organization { name } billing { isPaying } atomsAccount { email } } }',
    person,
  );
}

/** Least squares over the samples. */
function growthPer10_000(samples: { answered: number; heap: number }[]): number {
  const mean = (of: (sample: { answered: number; heap: number }) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [meanX, meanY] = [mean(({ answered }) => answered), mean(({ heap }) => heap)];
  const covariance = mean(({ answered, heap }) => (answered - meanX) * (heap - meanY));
  return (covariance / mean(({ answered }) => (answered - meanX) ** 2) / 1e6) * 10_000;
}

async function post(body: object, headers: Record<string, string>, signal?: AbortSignal) {
  const response = await request(`${url}/graphql`, {
    method: 'POST',
    headers: { ...asGateway, ...headers },
    body: JSON.stringify(body),
    dispatcher: client,
    ...(signal && { signal }),
  });
  return { status: response.statusCode, text: await response.body.text() };
}

function ask(query: string, person: Person, signal?: AbortSignal) {
  return post({ query }, { authorization: `Bearer ${person.token}` }, signal);
}

/** Everybody asks, one after the other. */
async function answerTimes(people: Person[], query: string): Promise<number[]> {
  const times: number[] = [];
  for (const person of people) {
    const began = performance.now();
    await ask(query, person);
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b);
}

function inWords(sorted: number[]): string {
  const [median = 0, worst = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
  return `median ${median.toFixed(1).padStart(6)} ms, worst ${worst.toFixed(0).padStart(5)} ms`;
}

/** Everything works, and who the tokens belong to is known. */
async function isWell(): Promise<void> {
  await simulators.reset();
  await timeUntilWell();
  await answerTimes(people, '{ me { id } }');
}

async function timeUntilWell(): Promise<number> {
  const began = performance.now();
  const query = '{ me { name organization { name } billing { isPaying } atomsAccount { email } } }';
  while ((await ask(query, ada)).text.includes('"errors"'))
    await new Promise((resolve) => setTimeout(resolve, 5));
  return performance.now() - began;
}

/** What the service itself has counted; a connection that is refused is seen by nobody else. */
async function callsTo(provider: string): Promise<number> {
  const { body } = await request(`${url}/metrics`, { headers: asCollector, dispatcher: client });
  const [, count] =
    new RegExp(`requests_total\\{provider="${provider}"\\} (\\d+)`).exec(await body.text()) ?? [];
  return Number(count);
}

async function startServer(): Promise<{ server: ChildProcess; url: string }> {
  const key = randomBytes(32);
  const linksUrl = `sqlite:${join(directory, 'links.db')}`;
  const links = await openLinks({ url: linksUrl, keys: [key], linkable, log: openLog({ level: 'silent' }) });
  await links.import([...simulators.people.links()].map((link) => `${JSON.stringify(link)}\n`));
  await links.close();
  const server = fork(new URL('soak-server.ts', import.meta.url), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...simulators.settings(),
      NODE_ENV: 'production',
      ALLOW_INSECURE_PROVIDERS: 'true',
      ROUTER_SECRET: routerSecret,
      METRICS_SECRET: metricsSecret,
      OPERATOR_SCOPE: 'users:read',
      LINKS_URL: linksUrl,
      LINKS_ENCRYPTION_KEY: key.toString('base64'),
      PORT: '0',
    },
  });
  const lines = createInterface({ input: server.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, 'line')) as [string];
  return { server, url: (JSON.parse(line) as { url: string }).url };
}
