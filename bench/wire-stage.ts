import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { UpstreamName } from './bodies.ts';
import { check, Connection, startLoad } from './load.ts';
import { cpuSeconds, openStage, type Server } from './processes.ts';
import { median } from './report.ts';
import type { Front, FromWire, ToWire, WireReport } from './wire-providers.ts';
import { type Exchange, me, workloads } from './workloads.ts';
import { Authority } from '../test/support/authority.ts';

/** What the rows of `npm run bench:wire` are measured with. */
export const { values: flags } = parseArgs({
  options: {
    against: { type: 'string' },
    quick: { type: 'boolean', default: false },
    front: { type: 'string', multiple: true },
    rows: { type: 'string', default: 'processor,cold,reload,bursts,idle' },
  },
});
export const wanted = new Set(flags.rows.split(','));
export const roundTripMs = 50;
export const turns = flags.quick ? 1 : 3;
export const idleSeconds = flags.quick ? [6] : [6, 20, 50];
export const fronts = (flags.front ?? ['node', ...['nginx', 'haproxy'].filter(isInstalled)]) as Front[];

export const directory = mkdtempSync(join(tmpdir(), 'bench-wire-'));
const authority = new Authority();
const { key, cert } = authority.issue();
writeFileSync(join(directory, 'identity.pem'), key + cert);
writeFileSync(join(directory, 'authority.pem'), authority.certificate);

export const stage = await openStage();
/** What is measured: another checkout first, where there is one. */
export const versions = { ...(flags.against && { old: resolve(flags.against) }), new: undefined };
export type Version = keyof typeof versions;
export const all = Object.keys(versions) as Version[];

/** Providers over TLS, or over plain HTTP: their settings, and what can be done with them. */
export async function startProviders(front: Front, idleMs: number) {
  const scheme = front === 'plain' ? 'http' : 'https';
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
      BIRD_BASE_URL: `${scheme}://127.0.0.1:${ports.bird}`,
      EJENTO_BASE_URL: `${scheme}://127.0.0.1:${ports.ejento}`,
      INSIGHTO_BASE_URL: `${scheme}://127.0.0.1:${ports.insighto}`,
      ATOMS_BASE_URL: `${scheme}://127.0.0.1:${ports.atoms}`,
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

export type WireProviders = Awaited<ReturnType<typeof startProviders>>;

export const rows: string[][] = [];
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
export class Table {
  readonly #rows = new Map<string, { unit: string; seen: Map<Version, number[]> }>();

  add(name: string, version: Version, value: number, unit = 'ms'): void {
    const { seen } = this.#rows.get(name) ?? { seen: new Map<Version, number[]>() };
    this.#rows.set(name, { unit, seen });
    if (!Number.isNaN(value)) seen.set(version, [...(seen.get(version) ?? []), value]);
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

/** Milliseconds until the right answer to one request; NaN, and a word about it, when the answer is another. */
export async function timed(server: Server, exchange: Exchange): Promise<number> {
  const connection = new Connection(server.port);
  const sentAt = performance.now();
  const got = await connection.ask(exchange.request);
  const took = performance.now() - sentAt;
  connection.close();
  try {
    check(exchange, got);
    return took;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.slice(0, 300)}\n`);
    return Number.NaN;
  }
}

/** What one request costs: its time, connections to providers, and processor time. */
export async function cost(server: Server, exchange: Exchange, providers: WireProviders) {
  await providers.report();
  const before = cpuSeconds(server.pid);
  const took = await timed(server, exchange);
  const cpu = (cpuSeconds(server.pid) - before) * 1_000;
  return { took, cpu, connections: (await providers.report()).connections };
}

export async function warmUp(server: Server, seconds = flags.quick ? 2 : 4): Promise<void> {
  const load = startLoad(server, { ...workloads.me, connections: 8 });
  await delay(seconds * 1_000);
  await load.stop();
  await timed(server, workloads.hundred.next(server.audience));
}

/** All versions running, in front of the same providers. */
export async function startAll(providers: WireProviders): Promise<Map<Version, Server>> {
  const servers = new Map<Version, Server>();
  for (const version of all)
    servers.set(version, await stage.start('this subgraph', providers.settings, versions[version]));
  return servers;
}

/** Requests that were answered, and those that met an error or nobody knows the outcome of. */
export interface Tally {
  asked: number;
  failed: number;
  unknown: number;
}

/** People whose token the server knows, for as long as it remembers them: each in turn. */
export async function acquaintances({ audience, port }: Server): Promise<() => number> {
  const people = Array.from({ length: 100 }, audience.turns.next);
  const connection = new Connection(port);
  const asked = people.map((person) => me(person, 'graphql').request);
  for (const request of asked) await connection.ask(request);
  connection.close();
  let at = 0;
  return () => people[at++ % people.length] ?? 0;
}

/** Sends so many requests a second, evenly, whether or not the ones before have been answered. */
export async function paced(
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
    const { body } = await connection
      .ask(request())
      .catch((error: Error) => ({ body: `"errors" ${error.message}` }));
    if (body.includes('"errors"') && (tally.failed += 1) === 1)
      process.stderr.write(`${body.slice(0, 160)}\n`);
    if (body.includes('It is not known whether')) tally.unknown += 1;
    if (!connection.isClosed) idle.push(connection);
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
