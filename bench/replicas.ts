/**
 * `npm run bench:replicas [-- --short]`: what is lost where three replicas share their links in PostgreSQL, behind
 * PgBouncer (transaction pooling, six connections to the server) and HAProxy where these are installed, while two
 * clients ask and parts are killed, stopped in order, and frozen. The clients send each request once.
 *
 * lost: no answer, because the connection broke. failed: an answer that is not whole. wrong: somebody else's data.
 * doubled: changes that reached the provider twice. recovered: how long after the fault the last of these began.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { openLinks } from '../src/links/links.ts';
import { linkable } from '../src/providers/registry.ts';
import { openLog } from '../src/telemetry/log.ts';
import { pgbouncerProgram, startPgBouncer } from '../test/links/pgbouncer.ts';
import { startPostgres } from '../test/links/postgres-server.ts';
import { ada, grace, startSimulators } from '../test/simulators/index.ts';

const isShort = process.argv.includes('--short');
const REPLICAS = 3;
/** Of each of the two clients. */
const PER_SECOND = 50;
const haproxyProgram = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((path) => existsSync(path));

const simulators = await startSimulators();
const postgres = await startPostgres();
await postgres.createDatabase();
const pooler = pgbouncerProgram ? await startPgBouncer(postgres.folder, 'transaction', 6) : null;
const linksUrl = (pooler ?? postgres).urlOf('links_1');
const [routerSecret, key] = [randomBytes(16).toString('hex'), randomBytes(32)];
const links = await openLinks({ url: linksUrl, keys: [key], linkable, log: openLog({ level: 'silent' }) });
await links.import([...simulators.people.links()].map((link) => `${JSON.stringify(link)}\n`));
await links.close();

interface Replica {
  port: number;
  process: ChildProcess;
}

async function startReplica(port = 0): Promise<Replica> {
  const child = spawn(process.execPath, ['src/main.js'], {
    env: {
      ...simulators.settings(),
      NODE_ENV: 'production',
      ALLOW_INSECURE_PROVIDERS: 'true',
      OPERATOR_SCOPE: 'users:read',
      ROUTER_SECRET: routerSecret,
      LINKS_URL: linksUrl,
      LINKS_ENCRYPTION_KEY: key.toString('base64'),
      PORT: String(port),
    },
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

async function end({ process: child }: Replica, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

const replicas = await Promise.all(Array.from({ length: REPLICAS }, () => startReplica()));

/** HAProxy as docs/operations-links.md shows it, or null where it is not installed. */
async function startBalancer(): Promise<{ port: number; close(): Promise<void> } | null> {
  if (!haproxyProgram) return null;
  const folder = await mkdtemp(join(tmpdir(), 'replicas-'));
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const servers = replicas.map(({ port: at }, n) => `  server replica${n} 127.0.0.1:${at}`);
  await writeFile(
    join(folder, 'haproxy.cfg'),
    `defaults
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
${servers.join('\n')}
`,
  );
  const child = spawn(haproxyProgram, ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await delay(1_500); // until it has looked at each replica
  return {
    port,
    async close() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

const balancer = await startBalancer();
const agents = [0, 1].map(() => new Agent({ connections: 100 }));
const headers = {
  'content-type': 'application/json',
  'router-authorization': routerSecret,
  'x-user-scopes': 'users:read',
};
const people = [...simulators.people.links()].filter((link) => link.provider === 'ejento');
let sent = 0;
let troubles: { readonly kind: 'lost' | 'failed' | 'wrong'; readonly at: number }[] = [];

/** One request of a client: nine queries about somebody, then a change that can be told from all others. */
async function ask(client: number): Promise<void> {
  const n = (sent += 1);
  const at = performance.now();
  const person = people[n % people.length];
  const isChange = n % 10 === 0;
  const query = isChange
    ? `mutation ($bio: String!) { updateMe(input: { bio: $bio }) { ... on UpdateMeSuccess { user { id } } } }`
    : `query ($id: ID!) { user(id: $id) { id organization { id } } }`;
  const { userId, token } = n % 20 === 0 ? ada : grace;
  try {
    const port = balancer?.port ?? replicas[n % REPLICAS]?.port;
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      dispatcher: agents[client] as Agent,
      headers: { ...headers, ...(isChange && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables: isChange ? { bio: `change ${n}` } : { id: person?.userId } }),
    });
    const text = await body.text();
    const answer = (statusCode === 200 ? JSON.parse(text) : {}) as Answer;
    const user = answer.data?.user ?? answer.data?.updateMe?.user;
    if (!user || answer.errors) troubles.push({ kind: 'failed', at });
    else if (user.id !== (isChange ? userId : person?.userId)) troubles.push({ kind: 'wrong', at });
  } catch {
    troubles.push({ kind: 'lost', at });
  }
}

interface Answer {
  data?: { user?: { id: string } | null; updateMe?: { user?: { id: string } } | null } | null;
  errors?: unknown[];
}

/** Asks for so long, with a fault after half a second, and prints what came of it. */
async function phase(name: string, seconds: number, fault: () => Promise<void>): Promise<void> {
  const before = sent;
  troubles = [];
  simulators.bird.requests.length = 0;
  const asked: Promise<void>[] = [];
  const sender = setInterval(() => asked.push(ask(0), ask(1)), 1_000 / PER_SECOND);
  await delay(500);
  const start = performance.now();
  await Promise.all([fault(), delay(seconds * 1_000)]);
  clearInterval(sender);
  await Promise.all(asked);
  const changes = simulators.bird.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
  const doubled = changes.length - new Set(changes).size;
  const count = (kind: string) => troubles.filter((trouble) => trouble.kind === kind).length;
  const last = Math.max(0, ...troubles.map(({ at }) => at - start));
  const counts = `${count('lost')} lost, ${count('failed')} failed, ${count('wrong')} wrong, ${doubled} doubled`;
  console.log(`${name}: of ${sent - before} ${counts}; recovered after ${Math.round(last)} ms`);
  if (count('wrong') + doubled > 0) process.exitCode = 1;
}

async function restart(n: number, signal: NodeJS.Signals): Promise<void> {
  const replica = replicas[n] as Replica;
  await end(replica, signal);
  replicas[n] = await startReplica(replica.port);
}

console.log(
  `three replicas, ${pooler ? 'PgBouncer (transaction pooling, 6 connections)' : 'no PgBouncer: not installed'}, ` +
    `${balancer ? 'HAProxy' : 'no HAProxy: not installed, so the clients take turns by themselves'}; no standby: nothing fails over`,
);
await phase('nothing', isShort ? 2 : 10, async () => {});
await phase('a replica killed and started', isShort ? 4 : 10, () => restart(0, 'SIGKILL'));
// After a failure PgBouncer waits for 15 s before it connects again (server_login_retry).
await phase('PostgreSQL ended and started', isShort ? 4 : 25, async () => {
  await postgres.kill();
  await postgres.start();
});
if (!isShort) {
  await phase('all replicas stopped and started in turn', 40, async () => {
    for (let n = 0; n < REPLICAS; n += 1) {
      await restart(n, 'SIGTERM');
      await delay(2_500);
    }
  });
  await phase('a replica frozen for five seconds', 12, async () => {
    replicas[1]?.process.kill('SIGSTOP');
    await delay(5_000);
    replicas[1]?.process.kill('SIGCONT');
  });
}

await balancer?.close();
await Promise.all(replicas.map((replica) => end(replica, 'SIGKILL')));
await Promise.all(agents.map((agent) => agent.close()));
await pooler?.close();
await postgres.close();
await simulators.close();
