import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openLinks } from '../src/links/links.ts';
import { openLog } from '../src/telemetry/log.ts';
import { linkable } from '../src/providers/registry.ts';
import { links, Turns } from './people.ts';
import type { UpstreamName } from './bodies.ts';
import type { FromUpstream, ToUpstream } from './upstream.ts';
import { type Audience, routerSecret } from './workloads.ts';

const here = (file: string) => new URL(file, import.meta.url).pathname;
const linksKey = Buffer.alloc(32, 'bench').toString('base64');

interface Program {
  file: string;
  args?: readonly string[];
  dialect: Audience['dialect'];
  /** Whether it is told what the product is told. */
  isProduct?: boolean;
}

/** The servers that can be measured, and how each is spoken to. */
export const programs = {
  'hand-written': { file: here('rivals/hand-written.ts'), dialect: 'plain' },
  'hand-written, in rows': {
    file: here('rivals/hand-written.ts'),
    args: ['--in-rows'],
    dialect: 'plain',
  },
  'typical Apollo': { file: here('rivals/typical-apollo.ts'), dialect: 'graphql' },
  'mercurius + JIT': { file: here('rivals/mercurius/server.ts'), dialect: 'graphql' },
  'this subgraph': { file: here('../src/main.js'), dialect: 'graphql', isProduct: true },
} satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;

/** The providers, running. */
export interface Providers {
  ports: Record<UpstreamName, number>;
  delay(delays: Partial<Record<UpstreamName, number>>): void;
  /** What was asked since the last time, and the most answers that anybody's calls had to wait for in turn. */
  report(): Promise<{ calls: Record<UpstreamName, number>; roundTrips: number }>;
}

/** A server under measurement. */
export interface Server {
  name: string;
  port: number;
  pid: number;
  /** Who asks it next, and how. */
  audience: Audience;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Everything that a benchmark runs on. */
export interface Stage {
  providers: Providers;
  /** `checkout`: the folder of another one, whose program is to be started instead of this one's. */
  start(name: ProgramName, settings?: Record<string, string>, checkout?: string): Promise<Server>;
  end(): Promise<void>;
}

/** Whether the server can have a core to itself. */
export const isPinned = process.platform === 'linux' && availableParallelism() > 1 && has('taskset');

function has(command: string): boolean {
  try {
    return execFileSync('which', [command], { stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
  } catch {
    return false;
  }
}

/** Fills a links file, starts the providers, and keeps this process and them away from the server's core. */
export async function openStage(): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'user-subgraph-bench-'));
  const linksPath = join(directory, 'links.db');
  await fillLinks(linksPath);

  if (isPinned) execFileSync('taskset', ['-a', '-p', '-c', '1', String(process.pid)], { stdio: 'ignore' });
  const upstream = fork(here('upstream.ts'), { stdio: 'inherit' });
  const { ports } = (await messageOf(upstream)) as { ports: Record<UpstreamName, number> };
  const send = (message: ToUpstream) => void upstream.send(message);
  const running = new Set<Server>();
  process.once('exit', () => running.forEach(({ pid }) => process.kill(pid, 'SIGKILL')));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

  /** The links as another checkout keeps them, which may be in another form; made with its own program. */
  function linksOf(checkout: string): string {
    const path = join(directory, `${createHash('sha256').update(checkout).digest('hex')}.db`);
    if (existsSync(path)) return path;
    const file = join(directory, 'links.ndjson');
    writeFileSync(file, Array.from(links(), (link) => `${JSON.stringify(link)}\n`).join(''), { mode: 0o600 });
    execFileSync(process.execPath, [join(checkout, 'src/links/cli.ts'), 'import', file], {
      env: { LINKS_URL: `sqlite:${path}`, LINKS_ENCRYPTION_KEY: linksKey },
      stdio: 'ignore',
    });
    return path;
  }

  async function start(
    name: ProgramName,
    settings: Record<string, string> = {},
    checkout?: string,
  ): Promise<Server> {
    const { file: own, args = [], dialect, isProduct }: Program = programs[name];
    const file = checkout === undefined ? own : join(checkout, 'src/main.js');
    const path = checkout === undefined ? linksPath : linksOf(checkout);
    const port = await freePort();
    const env = {
      PATH: process.env['PATH'],
      PORT: String(port),
      ...(isProduct ? ownSettings(ports, path) : rivalSettings(ports, path)),
      ...settings,
    };
    const node = [process.execPath, file, ...args];
    const command = isPinned ? ['taskset', '-c', '0', ...node] : node;
    const child = spawn(command[0] as string, command.slice(1), {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await listening(port, child);
    const server: Server = {
      name,
      port,
      pid: child.pid as number,
      audience: { dialect, turns: new Turns() },
      async stop(signal = 'SIGKILL') {
        running.delete(server);
        child.kill(signal);
        await once(child, 'exit');
      },
    };
    running.add(server);
    return server;
  }

  return {
    providers: {
      ports,
      delay: (delays) => send({ delays }),
      async report() {
        send({ report: true });
        return (await messageOf(upstream)) as { calls: Record<UpstreamName, number>; roundTrips: number };
      },
    },
    start,
    async end() {
      await Promise.all([...running].map((server) => server.stop()));
      upstream.disconnect();
      rmSync(directory, { recursive: true });
    },
  };
}

async function fillLinks(path: string): Promise<void> {
  const log = openLog({ level: 'silent' });
  const store = await openLinks({
    url: `sqlite:${path}`,
    keys: [Buffer.from(linksKey, 'base64')],
    linkable,
    log,
  });
  const lines = Array.from(links(), (link) => `${JSON.stringify(link)}\n`);
  const { rejected } = await store.import(lines);
  await store.close();
  if (rejected > 0) throw new Error(`${rejected} links were not accepted.`);
}

async function messageOf(child: ChildProcess): Promise<FromUpstream> {
  const [message] = (await once(child, 'message')) as [FromUpstream];
  return message;
}

/** The settings of the product: what production demands and where its providers are, everything else by default. */
function ownSettings(ports: Record<UpstreamName, number>, linksPath: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    ROUTER_SECRET: routerSecret,
    OPERATOR_SCOPE: 'users:read',
    ALLOW_INSECURE_PROVIDERS: 'true',
    LINKS_URL: `sqlite:${linksPath}`,
    LINKS_ENCRYPTION_KEY: linksKey,
    BIRD_BASE_URL: `http://127.0.0.1:${ports.bird}`,
    EJENTO_BASE_URL: `http://127.0.0.1:${ports.ejento}`,
    EJENTO_SUBSCRIPTION_KEY: 'subscription-key',
    EJENTO_ACCESS_TOKEN: 'access-token',
    INSIGHTO_BASE_URL: `http://127.0.0.1:${ports.insighto}`,
    ATOMS_BASE_URL: `http://127.0.0.1:${ports.atoms}`,
  };
}

function rivalSettings(ports: Record<UpstreamName, number>, linksPath: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    ROUTER_SECRET: routerSecret,
    LINKS_PATH: linksPath,
    LINKS_ENCRYPTION_KEY: linksKey,
    BIRD: `http://127.0.0.1:${ports.bird}`,
    EJENTO: `http://127.0.0.1:${ports.ejento}`,
    INSIGHTO: `http://127.0.0.1:${ports.insighto}`,
    ATOMS: `http://127.0.0.1:${ports.atoms}`,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until somebody answers the telephone, a quarter of a minute at most. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let waited = 0; waited < 15_000 && child.exitCode === null; waited += 5) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await delay(5);
  }
  throw new Error('A server did not start.');
}

/** Seconds that all threads of a process have had a processor (Linux). */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]);
  }
  return nanoseconds / 1e9;
}

/** Resident memory of a process in MiB (Linux). */
export function residentMiB(pid: number): number {
  const [, kB] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kB) / 1024;
}
