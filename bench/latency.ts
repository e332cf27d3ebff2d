import { setTimeout as delay } from 'node:timers/promises';
import { check, Connection, startLoad } from './load.ts';
import { cpuSeconds, openStage, type Providers, type Server } from './processes.ts';
import { markdown, median } from './report.ts';
import { type Exchange, me, meWithoutAtoms, upstreamRequest, workloads } from './workloads.ts';

/**
 * `npm run bench:latency`: what a person waits for. `me` with everything, for a login token never seen and for a
 * known one, with providers at several distances; how much of it is the service's own; and what a slow provider
 * does to those who do not need it.
 */
const samplesEach = 200;
const atOnce = 4;
const distances = [0, 20, 50, 200];
const slow = 1_000;

const stage = await openStage();
const server = await stage.start('this subgraph');
const { providers } = stage;
await busyFor(4_000);

const trips = { fresh: await roundTrips(false), known: await roundTrips(true) };
const rows: string[][] = [];
for (const distance of distances) {
  setDistance(providers, distance);
  const one = median(await askProvider());
  for (const [who, isKnown] of [
    ['new', false],
    ['known', true],
  ] as const) {
    const took = await askMe(isKnown);
    const count = isKnown ? trips.known : trips.fresh;
    rows.push([
      `${distance} ms, ${who} token`,
      String(count),
      ...times(took),
      (median(took) - count * one).toFixed(2),
    ]);
  }
}
print('`me`, one request at a time on each of four connections', rows);

setDistance(providers, 20);
const perSecond = Math.round((await capacity()) / 2);
const one = median(await askProvider());
const halfLoad = await middleOf(5, () => paced(server, perSecond, 2));
print(`\`me\` with new tokens at half load: ${perSecond} requests a second, providers at 20 ms`, [
  ['half load', String(trips.fresh), ...times(halfLoad), (median(halfLoad) - trips.fresh * one).toFixed(2)],
]);

providers.delay({ atoms: slow });
const waiting = startLoad(server, { ...workloads.me, connections: 64 });
await delay(1_500);
const without = await askMe(true, meWithoutAtoms);
const slowOnes = (await waiting.stop()).latencies;
const beside = median(await askProvider());
print(`Atoms at ${slow} ms, the others at 20 ms`, [
  ['64 × `me` with everything', String(trips.fresh), ...times(slowOnes), '–'],
  ['beside them, `me` without Atoms', '1', ...times(without), (median(without) - beside).toFixed(2)],
]);
await stage.end();

function print(title: string, rows: string[][]): void {
  const head = ['', 'round trips', 'median, ms', 'p99, ms', 'the service itself, ms'];
  process.stdout.write(`\n${title}\n\n${markdown(head, rows)}\n`);
}

function times(latencies: number[]): [string, string] {
  const sorted = latencies.toSorted((a, b) => a - b);
  return [median(sorted).toFixed(1), (sorted[Math.floor(sorted.length * 0.99)] ?? NaN).toFixed(1)];
}

function setDistance(to: Providers, ms: number): void {
  to.delay({ bird: ms, ejento: ms, insighto: ms, atoms: ms });
}

function meAs(n: number): Exchange {
  return me(n, 'graphql');
}

/** The chain of calls that wait for each other in one `me`, counted by the providers. */
async function roundTrips(isKnown: boolean): Promise<number> {
  setDistance(providers, 20);
  const connection = new Connection(server.port);
  const exchange = meAs(server.audience.turns.next());
  if (isKnown) await connection.ask(exchange.request);
  await providers.report();
  check(exchange, await connection.ask(exchange.request));
  connection.close();
  return (await providers.report()).roundTrips;
}

/** Latencies of one provider asked directly: the network, as far as this machine has one, and its timers. */
async function askProvider(): Promise<number[]> {
  const { turns } = server.audience;
  return each(providers.ports.bird, async (connection) => {
    const sentAt = performance.now();
    await connection.ask(upstreamRequest(turns.next()));
    return performance.now() - sentAt;
  });
}

async function askMe(isKnown: boolean, exchangeOf = meAs): Promise<number[]> {
  const { turns } = server.audience;
  return each(server.port, async (connection) => {
    const exchange = exchangeOf(turns.next());
    if (isKnown) check(exchange, await connection.ask(exchange.request));
    const sentAt = performance.now();
    check(exchange, await connection.ask(exchange.request));
    return performance.now() - sentAt;
  });
}

async function each(port: number, ask: (connection: Connection) => Promise<number>): Promise<number[]> {
  const latencies = await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const connection = new Connection(port);
      const own: number[] = [];
      for (let asked = 0; asked < samplesEach / atOnce; asked++) own.push(await ask(connection));
      connection.close();
      return own;
    }),
  );
  return latencies.flat();
}

async function busyFor(ms: number): Promise<void> {
  const load = startLoad(server, workloads.me);
  await delay(ms);
  await load.stop();
}

/** The middle one of so many turns, by its median: a moment in which the machine has something else to do is left out. */
async function middleOf(turns: number, turn: () => Promise<number[]>): Promise<number[]> {
  const all: number[][] = [];
  while (all.length < turns) all.push(await turn());
  return all.toSorted((a, b) => median(a) - median(b))[Math.floor(turns / 2)] ?? [];
}

/** How many `me` a core of its own would answer in a second. */
async function capacity(): Promise<number> {
  const load = startLoad(server, { ...workloads.me, connections: 128 });
  await delay(200);
  load.reset();
  const before = cpuSeconds(server.pid);
  await delay(1_500);
  const cpu = cpuSeconds(server.pid) - before;
  return (await load.stop()).answered / cpu;
}

/**
 * Latencies of requests that are sent evenly spread, whether or not the ones before them have been answered. They count
 * from when a request is sent, which is up to a millisecond after its turn: timers here are no finer.
 */
async function paced({ port, audience }: Server, perSecond: number, seconds: number): Promise<number[]> {
  const idle: Connection[] = [];
  const open: Connection[] = [];
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  const startedAt = performance.now();

  async function ask(): Promise<void> {
    const connection = idle.pop() ?? new Connection(port);
    if (!open.includes(connection)) open.push(connection);
    const exchange = workloads.me.next(audience);
    const sentAt = performance.now();
    check(exchange, await connection.ask(exchange.request));
    latencies.push(performance.now() - sentAt);
    idle.push(connection);
  }
  for (let sent = 0; sent < perSecond * seconds;) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    for (; sent < due; sent++) pending.push(ask());
    await delay(1);
  }
  await Promise.all(pending);
  for (const connection of open) connection.close();
  return latencies;
}
