import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { UpstreamName } from './bodies.ts';
import { check, Connection, startLoad } from './load.ts';
import { cpuSeconds, openStage, type Server } from './processes.ts';
import { markdown, median } from './report.ts';
import type { Front, FromWire, ToWire, WireReport } from './wire-providers.ts';
import { type Exchange, me, workloads, write } from './workloads.ts';
import { Authority } from '../test/support/authority.ts';

/**
 * `npm run bench:wire`: the providers over TLS, 50 ms away, behind what closes connections. With `--against FOLDER`,
 * another checkout (with its packages installed) is measured in turns with this one. `--quick` waits less and does
 * each thing once; `--front nginx` or `haproxy` does the rows about what closes with nothing but that.
 */
const { values: flags } = parseArgs({
  options: {
    against: { type: 'string' },
    quick: { type: 'boolean', default: false },
    front: { type: 'string', multiple: true },
    rows: { type: 'string', default: 'idle,cold,reload,bursts,writes,processor' },
  },
});
const wanted = new Set(flags.rows.split(','));
const roundTripMs = 50;
const turns = flags.quick ? 1 : 3;
const idleSeconds = flags.quick ? [6] : [6, 20, 50];
const fronts = (flags.front ?? ['node', ...['nginx', 'haproxy'].filter(isInstalled)]) as Front[];

const directory = mkdtempSync(join(tmpdir(), 'bench-wire-'));
const authority = new Authority();
const { key, cert } = authority.issue();
writeFileSync(join(directory, 'identity.pem'), key + cert);
writeFileSync(join(directory, 'authority.pem'), authority.certificate);

const stage = await openStage();
/** What is measured: another checkout first, where there is one. */
const versions = { ...(flags.against && { old: resolve(flags.against) }), new: undefined };
type Version = keyof typeof versions;
const all = Object.keys(versions) as Version[];

/** Providers over TLS: their settings, and what can be done with them. */
async function startProviders(front: Front, idleMs: number) {
  const child = fork(
    new URL('wire-providers.ts', import.meta.url).pathname,
    [directory, front, String(idleMs)],
    {
      stdio: 'inherit',
    },
  );
  const { ports } = await message<{ ports: Record<UpstreamName, number> }>();
  const send = (order: ToWire) => void child.send(order);
  send({ roundTripMs });

  async function message<T extends FromWire>(): Promise<T> {
    return ((await once(child, 'message')) as [T])[0];
  }
  return {
    settings: {
      BIRD_BASE_URL: `https://127.0.0.1:${ports.bird}`,
      EJENTO_BASE_URL: `https://127.0.0.1:${ports.ejento}`,
      INSIGHTO_BASE_URL: `https://127.0.0.1:${ports.insighto}`,
      ATOMS_BASE_URL: `https://127.0.0.1:${ports.atoms}`,
      NODE_EXTRA_CA_CERTS: join(directory, 'authority.pem'),
      IDENTITY_CACHE_SECONDS: '60',
    },
    send,
    async report(): Promise<WireReport> {
      send({ report: true });
      return message<WireReport>();
    },
    end: () => child.disconnect(),
  };
}

type WireProviders = Awaited<ReturnType<typeof startProviders>>;

const rows: string[][] = [];
/** A row of the table: what each version has shown, as medians. */
function row(name: string, unit: string, seen: Map<Version, number[]>): void {
  const shown = all.map((version) => {
    const values = seen.get(version) ?? [];
    return values.length === 0 ? '–' : `${median(values).toFixed(unit === '×' ? 2 : 0)} ${unit}`.trim();
  });
  rows.push([name, ...shown]);
  process.stderr.write(`${name}: ${shown.join(' → ')}\n`);
}

/** Collects numbers by row and version. */
class Table {
  readonly #rows = new Map<string, { unit: string; seen: Map<Version, number[]> }>();

  add(name: string, version: Version, value: number, unit = 'ms'): void {
    const { seen } = this.#rows.get(name) ?? { seen: new Map<Version, number[]>() };
    this.#rows.set(name, { unit, seen });
    seen.set(version, [...(seen.get(version) ?? []), value]);
  }

  close(): void {
    for (const [name, { unit, seen }] of this.#rows) row(name, unit, seen);
  }
}

function isInstalled(command: string): boolean {
  try {
    return execFileSync('which', [command], { stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
  } catch {
    return false;
  }
}

/** Milliseconds until the right answer to one request. */
async function timed(server: Server, exchange: Exchange): Promise<number> {
  const connection = new Connection(server.port);
  const sentAt = performance.now();
  check(exchange, await connection.ask(exchange.request));
  const took = performance.now() - sentAt;
  connection.close();
  return took;
}

/** What one request costs: its time, connections to providers, and processor time. */
async function cost(server: Server, exchange: Exchange, providers: WireProviders) {
  await providers.report();
  const before = cpuSeconds(server.pid);
  const took = await timed(server, exchange);
  const cpu = (cpuSeconds(server.pid) - before) * 1_000;
  return { took, cpu, connections: (await providers.report()).connections };
}

async function warmUp(server: Server, seconds = flags.quick ? 2 : 4): Promise<void> {
  const load = startLoad(server, { ...workloads.me, connections: 8 });
  await delay(seconds * 1_000);
  await load.stop();
  await timed(server, workloads.hundred.next(server.audience));
}

/** All versions running, in front of the same providers. */
async function startAll(providers: WireProviders): Promise<Map<Version, Server>> {
  const servers = new Map<Version, Server>();
  for (const version of all)
    servers.set(version, await stage.start('this subgraph', providers.settings, versions[version]));
  return servers;
}

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

/** Requests that were answered, and those that met an error or nobody knows the outcome of. */
interface Tally {
  asked: number;
  failed: number;
  unknown: number;
}

/** Sends so many requests a second, evenly, whether or not the ones before have been answered. */
async function paced(
  server: Server,
  perSecond: number,
  seconds: number,
  request: () => string,
): Promise<Tally> {
  const idle: Connection[] = [];
  const every = new Set<Connection>();
  const tally: Tally = { asked: 0, failed: 0, unknown: 0 };
  const pending: Promise<void>[] = [];
  const startedAt = performance.now();
  async function ask(): Promise<void> {
    const connection = idle.pop() ?? new Connection(server.port);
    every.add(connection);
    const { body } = await connection.ask(request());
    if (body.includes('"errors"')) tally.failed += 1;
    if (body.includes('It is not known whether')) tally.unknown += 1;
    idle.push(connection);
  }
  while (performance.now() - startedAt < seconds * 1_000) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    for (; tally.asked < due; tally.asked++) pending.push(ask());
    await delay(1);
  }
  await Promise.all(pending);
  for (const connection of every) connection.close();
  return tally;
}

/** The reads of `me`, each somebody else's; the one Bird is asked for twice by a new token. */
const read = (server: Server) => () => workloads.me.next(server.audience).request;
const change = (server: Server) => () => write(server.audience.turns.next());

async function whileReloading(front: Front): Promise<void> {
  const providers = await startProviders(front, 60_000);
  const servers = await startAll(providers);
  const table = new Table();
  for (const server of servers.values()) await warmUp(server);
  for (let turn = 0; turn < turns; turn++) {
    for (const [version, server] of servers) {
      const reloads = setInterval(() => providers.send({ reload: true }), 1_500);
      const reads = await paced(server, 290, 5, read(server));
      table.add(`${front} reloads under 290 reads a second: failed of 1,450`, version, reads.failed, '');
      await providers.report();
      const written = await paced(server, 100, 5, change(server));
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
    for (let burst = 0; burst < bursts; burst++) {
      // Around the limit, so that some meet a connection that is being closed.
      const began = performance.now();
      await Promise.all(
        Array.from(servers, async ([version, server]) => {
          const tally = await paced(server, 4_000, 0.01, request(server));
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

/** Milliseconds of processor time for one `me`, warm, over TLS and over plain HTTP. */
async function processorTime(): Promise<void> {
  const providers = await startProviders('node', 600_000);
  providers.send({ roundTripMs: 0 });
  const overTls = await startAll(providers);
  const plain = new Map<Version, Server>();
  for (const version of all) plain.set(version, await stage.start('this subgraph', {}, versions[version]));
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
  providers.end();
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
process.stdout.write(`${markdown(['providers over TLS, 50 ms away', ...all], rows)}\n`);
await stage.end();
rmSync(directory, { recursive: true });
