import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from './load.ts';
import { cpuSeconds, type Server } from './processes.ts';
import { markdown } from './report.ts';
import type { Front } from './wire-providers.ts';
import {
  acquaintances,
  all,
  cost,
  directory,
  flags,
  fronts,
  idleSeconds,
  paced,
  roundTripMs,
  rows,
  stage,
  startAll,
  startProviders,
  Table,
  timed,
  turns,
  versions,
  wanted,
  warmUp,
  type Version,
} from './wire-stage.ts';
import { type Exchange, me, workloads, write } from './workloads.ts';

/**
 * `npm run bench:wire`: the providers over TLS, 50 ms away, behind what closes connections. With `--against FOLDER`,
 * another checkout (with its packages installed) is measured in turns with this one. `--quick` waits less and does
 * each thing once; `--front nginx` or `haproxy` does the rows about what closes with nothing but that.
 */

async function afterIdling(): Promise<void> {
  const providers = await startProviders('node', 600_000);
  const servers = await startAll(providers);
  const table = new Table();
  for (const server of servers.values()) await warmUp(server);
  for (let turn = 0; turn < turns; turn++) {
    for (const seconds of idleSeconds) {
      const known = new Map<Version, Exchange>();
      for (const [version, server] of servers) {
        const exchange = me(server.audience.turns.next(), 'graphql');
        await timed(server, exchange);
        table.add('`me`, known token, warm', version, await timed(server, exchange));
        known.set(version, exchange);
      }
      await delay(seconds * 1_000);
      for (const [version, server] of servers) {
        const name = `\`me\`, known token, after ${seconds} s`;
        const { took, connections } = await cost(server, known.get(version) as Exchange, providers);
        table.add(name, version, took);
        table.add(`${name}: handshakes`, version, connections, '');
      }
    }
    for (const [version, server] of servers) {
      table.add('`me`, new token, warm', version, await timed(server, workloads.me.next(server.audience)));
    }
    await delay(6_000);
    for (const [version, server] of servers)
      table.add(
        '`me`, new token, after 6 s',
        version,
        await timed(server, workloads.me.next(server.audience)),
      );
    for (const server of servers.values()) await timed(server, workloads.hundred.next(server.audience));
    await delay(6_500);
    for (const [version, server] of servers) {
      const name = 'organizations of 100 users, after 6.5 s';
      const { took, cpu, connections } = await cost(
        server,
        workloads.hundred.next(server.audience),
        providers,
      );
      table.add(name, version, took);
      table.add(`${name}: processor time`, version, cpu);
      table.add(`${name}: handshakes`, version, connections, '');
    }
  }
  table.close();
  for (const server of servers.values()) await server.stop();
  providers.end();
}

async function fromCold(): Promise<void> {
  const providers = await startProviders('node', 600_000);
  const table = new Table();
  // What Node has compiled it keeps when it ends well: nobody is to measure the very first start of a checkout.
  for (const version of all) {
    const earlier = await stage.start('this subgraph', providers.settings, versions[version]);
    await timed(earlier, workloads.me.next(earlier.audience));
    await earlier.stop('SIGTERM');
  }
  for (let turn = 0; turn < turns + 2; turn++) {
    for (const version of all) {
      const start = () => stage.start('this subgraph', providers.settings, versions[version]);
      const first = await start();
      table.add(
        'first request after the start',
        version,
        await timed(first, workloads.me.next(first.audience)),
      );
      await first.stop();
      const cold = await start();
      await delay(1_500);
      const { took, cpu } = await cost(cold, workloads.hundred.next(cold.audience), providers);
      table.add('organizations of 100 users, the first request of a process', version, took);
      table.add('organizations of 100 users, the first: processor time', version, cpu);
      await cold.stop();
    }
  }
  table.close();
  providers.end();
}

/** Reads and changes of people whose tokens are known. */
const read = (next: () => number) => () => me(next(), 'graphql').request;
const change = (next: () => number) => () => write(next());

const readOfAnybody = (server: Server) => () => workloads.me.next(server.audience).request;

async function whileReloading(front: Front): Promise<void> {
  const providers = await startProviders(front, 60_000);
  const servers = await startAll(providers);
  const table = new Table();
  for (const server of servers.values()) await warmUp(server);
  for (let turn = 0; turn < turns; turn++) {
    for (const [version, server] of servers) {
      const next = await acquaintances(server);
      const reloads = setInterval(() => providers.send({ reload: true }), 1_500);
      const reads = await paced(server, 290, 5, read(next));
      table.add(`${front} reloads under 290 reads a second: failed of 1,450`, version, reads.failed, '');
      await providers.report();
      const written = await paced(server, 100, 5, change(next));
      const { twice } = await providers.report();
      clearInterval(reloads);
      table.add(`${front} reloads under 100 writes a second: unknown of 500`, version, written.unknown, '');
      table.add(`${front} reloads under 100 writes a second: made twice`, version, twice, '');
      await delay(3_000);
    }
  }
  table.close();
  for (const server of servers.values()) await server.stop();
  providers.end();
}

/** What comes just as the other side closes. */
async function atTheIdleLimit(front: Front): Promise<void> {
  const idleMs = 2_000;
  const bursts = flags.quick ? 6 : 30;
  const providers = await startProviders(front, idleMs);
  const servers = await startAll(providers);
  const table = new Table();
  for (const server of servers.values()) await warmUp(server);
  for (const [kind, request] of [
    ['reads', read],
    ['writes', change],
  ] as const) {
    await providers.report();
    const totals = new Map(all.map((version) => [version, { failed: 0, unknown: 0 }]));
    const next = new Map<Version, () => number>();
    for (let burst = 0; burst < bursts; burst++) {
      // As long as they are remembered.
      if (burst % 15 === 0)
        for (const [version, server] of servers) next.set(version, await acquaintances(server));
      // Around the limit, so that some meet a connection that is being closed.
      const began = performance.now();
      await Promise.all(
        Array.from(servers, async ([version, server]) => {
          const tally = await paced(server, 4_000, 0.01, request(next.get(version) as () => number));
          const total = totals.get(version);
          if (!total) return;
          total.failed += tally.failed;
          total.unknown += tally.unknown;
        }),
      );
      await delay(idleMs + roundTripMs - 30 + (burst % 6) * 10 - (performance.now() - began) + roundTripMs);
    }
    for (const [version, { failed, unknown }] of totals) {
      const of = `${kind} in bursts of 40, as far apart as the idle limit of ${front}`;
      table.add(`${of}: failed of ${bursts * 40}`, version, failed, '');
      if (kind === 'writes') table.add(`${of}: outcome unknown`, version, unknown, '');
    }
  }
  table.close();
  process.stderr.write(`made twice: ${(await providers.report()).twice}\n`);
  for (const server of servers.values()) await server.stop();
  providers.end();
}

/**
 * Processor time of one `me`, warm, over TLS and over plain HTTP, with providers that differ in nothing else: what a
 * request costs depends on how busy its server is kept.
 */
async function processorTime(): Promise<void> {
  const [secure, open] = [await startProviders('node', 600_000), await startProviders('plain', 600_000)];
  for (const providers of [secure, open]) providers.send({ roundTripMs: 0 });
  const [overTls, plain] = [await startAll(secure), await startAll(open)];
  const table = new Table();
  for (const server of [...overTls.values(), ...plain.values()]) await warmUp(server, flags.quick ? 4 : 12);
  for (let turn = 0; turn < turns * 3; turn++) {
    for (const version of all) {
      const [tls, http] = [await perRequest(overTls.get(version)), await perRequest(plain.get(version))];
      table.add('processor time of `me` over plain HTTP', version, http * 1_000_000, 'µs');
      table.add('processor time of `me` over TLS, times that', version, tls / http, '×');
    }
  }
  table.close();
  for (const server of [...overTls.values(), ...plain.values()]) await server.stop();
  for (const providers of [secure, open]) providers.end();
}

/** How many sockets a provider sees of several replicas: at rest, at a pace, and when all is asked for at once. */
async function socketsOfReplicas(): Promise<void> {
  const table = new Table();
  for (const replicas of [1, 3]) {
    for (const version of all) {
      const providers = await startProviders('node', 600_000);
      const servers: Server[] = [];
      for (let replica = 0; replica < replicas; replica++)
        servers.push(await stage.start('this subgraph', providers.settings, versions[version]));
      await delay(1_500);
      const name = `sockets that a provider sees of ${replicas}`;
      table.add(`${name}, right after the start`, version, (await providers.report()).open, '');
      await Promise.all(servers.map((server) => paced(server, 300 / replicas, 3, readOfAnybody(server))));
      table.add(`${name}, at 300 reads a second together`, version, (await providers.report()).open, '');
      for (let burst = 0; burst < 5; burst++)
        await Promise.all(servers.map((server) => paced(server, 20_000, 0.01, readOfAnybody(server))));
      table.add(`${name}, after bursts of 200 at each`, version, (await providers.report()).open, '');
      await delay(60_000);
      table.add(`${name}, after a minute of rest`, version, (await providers.report()).open, '');
      for (const server of servers) await server.stop();
      providers.end();
    }
  }
  table.close();
}

async function perRequest(server: Server | undefined): Promise<number> {
  if (!server) return Number.NaN;
  const load = startLoad(server, workloads.me);
  await delay(200);
  load.reset();
  const before = cpuSeconds(server.pid);
  await delay(1_000);
  const cpu = cpuSeconds(server.pid) - before;
  return cpu / (await load.stop()).answered;
}

if (wanted.has('processor')) await processorTime();
if (wanted.has('cold')) await fromCold();
if (wanted.has('reload')) for (const front of fronts) await whileReloading(front);
if (wanted.has('bursts')) for (const front of fronts) await atTheIdleLimit(front);
if (wanted.has('idle')) await afterIdling();
if (wanted.has('sockets')) await socketsOfReplicas();
process.stdout.write(`${markdown(['providers over TLS, 50 ms away', ...all], rows)}\n`);
await stage.end();
rmSync(directory, { recursive: true });
