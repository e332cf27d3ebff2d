/** What `bench:replicas` starts: replicas of the service, and what stands in front of them and of PostgreSQL. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

export interface Replica {
  readonly port: number;
  readonly process: ChildProcess;
}

/** Starts a replica and resolves when it serves. */
export async function startReplica(settings: Readonly<Record<string, string>>, port = 0): Promise<Replica> {
  const child = spawn(process.execPath, ['--disallow-code-generation-from-strings', 'src/main.js'], {
    env: { ...settings, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout.resume();
    return { port: Number(new URL(url).port), process: child };
  }
  throw new Error('A replica ended before it served.');
}

export async function end({ process: child }: Replica, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

export interface Balancer {
  readonly name: string;
  readonly port: number;
  close(): Promise<void>;
}

const programAt = (name: string) =>
  ['/usr/sbin', '/usr/local/sbin', '/usr/bin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

/** HAProxy and nginx as docs/operations-links.md shows them. */
const BALANCERS = {
  haproxy: {
    configure: (port: number, replicas: readonly Replica[]) => `defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
frontend gateway
  bind 127.0.0.1:${port}
  default_backend user-subgraph
backend user-subgraph
  option httpchk GET /readyz
  option redispatch 1
  retries 2
  default-server check inter 1s fall 2 rise 1
${replicas.map((replica, n) => `  server replica${n} 127.0.0.1:${replica.port}`).join('\n')}
`,
    start: (file: string) => ['-db', '-f', file],
  },
  nginx: {
    configure: (port: number, replicas: readonly Replica[], folder: string) => `daemon off;
error_log ${folder}/error.log;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder};
  proxy_temp_path ${folder};
  upstream user-subgraph {
    keepalive 32;
${replicas.map((replica) => `    server 127.0.0.1:${replica.port} max_fails=1 fail_timeout=1s;`).join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://user-subgraph;
      proxy_http_version 1.1;
      proxy_set_header connection "";
      proxy_connect_timeout 1s;
    }
  }
}
`,
    start: (file: string) => ['-c', file],
  },
};

/** Starts a balancer in front of replicas, or null where it is not installed. */
export async function startBalancer(
  name: keyof typeof BALANCERS,
  replicas: readonly Replica[],
): Promise<Balancer | null> {
  const program = programAt(name);
  if (!program) return null;
  const folder = await mkdtemp(join(tmpdir(), 'replicas-'));
  const port = await freePort();
  const file = join(folder, 'balancer.conf');
  const { configure, start } = BALANCERS[name];
  await writeFile(file, configure(port, replicas, folder));
  const child = spawn(program, start(file), { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await delay(1_500); // until it has looked at each replica
  return {
    name,
    port,
    async close() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A name that always leads to the primary, as a managed database has one: whoever connects next is led there. */
export async function nameOfPrimary(folder: string) {
  const parent = await mkdtemp(join(tmpdir(), 'primary-'));
  await chmod(parent, 0o755); // for PgBouncer, which runs as another user
  const name = join(parent, 'server');
  await symlink(folder, name);
  return {
    name,
    async leadsTo(other: string): Promise<void> {
      await symlink(other, `${name}-next`);
      await rename(`${name}-next`, name);
    },
    close: () => rm(parent, { recursive: true }),
  };
}
