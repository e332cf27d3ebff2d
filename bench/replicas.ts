/**
 * `npm run bench:replicas [-- --short] [-- --installed]`: what is lost where three replicas share their links in
 * PostgreSQL (the tests' own, or the installed one), behind PgBouncer (transaction pooling, six connections to the server)
 * and HAProxy or nginx where these are installed, while two clients ask and parts are killed, stopped in order and frozen,
 * and the primary fails over to an asynchronous standby. The clients send each request once.
 *
 * lost: no answer, because the connection broke. failed: an answer that is not whole. wrong: somebody else's data.
 * doubled: changes that reached the provider twice. recovered: how long after the fault the last of these began.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { Agent, request } from 'undici';
import { type LinksAdmin, openLinks } from '../src/links/links.ts';
import { replayRemovals } from '../src/links/replay.ts';
import { linkable } from '../src/providers/registry.ts';
import { openLog } from '../src/telemetry/log.ts';
import { pgbouncerProgram, startPgBouncer } from '../test/links/pgbouncer.ts';
import { installedServers, startPostgres } from '../test/links/postgres-server.ts';
import { ada, grace, linus, startSimulators } from '../test/simulators/index.ts';
import { end, nameOfPrimary, type Replica, startBalancer, startReplica } from './replicas-stage.ts';

const isShort = process.argv.includes('--short');
const REPLICAS = 3;
/** Of each of the two clients. */
const PER_SECOND = 50;

const simulators = await startSimulators();
let postgres = await startPostgres(process.argv.includes('--installed') ? installedServers() : undefined);
await postgres.createDatabase();
const primary = await nameOfPrimary(postgres.folder);
const direct = `postgres://postgres@localhost/links_1?host=${encodeURIComponent(primary.name)}`;
const pooler = pgbouncerProgram ? await startPgBouncer(primary.name, 'transaction', 6) : null;
const linksUrl = pooler?.urlOf('links_1') ?? direct;
const [routerSecret, key] = [randomBytes(16).toString('hex'), randomBytes(32)];

/** The links, with what is logged of them. */
async function openedLinks(): Promise<{ links: LinksAdmin; lines: string[] }> {
  const lines: string[] = [];
  const log = openLog({ level: 'info', to: { write: (line) => void lines.push(line) } });
  return { links: await openLinks({ url: direct, keys: [key], linkable, log }), lines };
}

async function inDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: direct });
  await client.connect();
  return work(client).finally(() => client.end());
}

const { links } = await openedLinks();
await links.import([...simulators.people.links()].map((link) => `${JSON.stringify(link)}\n`));
await links.close();
const version = await inDatabase(async (client) => (await client.query('SHOW server_version')).rows[0]);

const settings = {
  ...simulators.settings(),
  NODE_ENV: 'production',
  ALLOW_INSECURE_PROVIDERS: 'true',
  OPERATOR_SCOPE: 'users:read',
  ROUTER_SECRET: routerSecret,
  LINKS_URL: linksUrl,
  LINKS_ENCRYPTION_KEY: key.toString('base64'),
};
const started = (others: Readonly<Record<string, string>> = {}) =>
  Promise.all(Array.from({ length: REPLICAS }, () => startReplica({ ...settings, ...others })));
const replicas: Replica[] = await started();
let balancer = await startBalancer('haproxy', replicas);

const agents = [0, 1].map(() => new Agent({ connections: 100 }));
const headers = {
  'content-type': 'application/json',
  'router-authorization': routerSecret,
  'x-user-scopes': 'users:read',
};
/** Everybody but the one who is removed on the way. */
const people = [...simulators.people.links()].filter(
  (link) => link.provider === 'ejento' && link.userId !== linus.userId,
);
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
  replicas[n] = await startReplica(settings, replica.port);
}

async function rollingRestart(): Promise<void> {
  for (let n = 0; n < REPLICAS; n += 1) {
    await restart(n, 'SIGTERM');
    await delay(2_500);
  }
}

/** The primary dies with a removal that it has not sent to its standby yet, which then takes its place. */
async function failover(): Promise<void> {
  const standby = await postgres.startStandby();
  const following = () =>
    inDatabase(async (client) => {
      const sender = `SELECT pid FROM pg_stat_replication WHERE state = 'streaming' AND sent_lsn = pg_current_wal_lsn()`;
      return (await client.query<{ pid: number }>(sender)).rows[0]?.pid;
    });
  let sender = await following();
  while (sender === undefined) {
    await delay(50);
    sender = await following();
  }
  const { links, lines } = await openedLinks();
  await phase('the primary lost, its standby promoted', isShort ? 4 : 25, async () => {
    process.kill(sender, 'SIGSTOP');
    await links.removeAll(linus.userId);
    process.kill(sender, 'SIGKILL');
    await postgres.kill();
    await standby.promote();
    await primary.leadsTo(standby.folder);
  });
  const left = async () => (await links.of([linus.userId])).get(linus.userId)?.length ?? 0;
  const undone = await left();
  const replayed = await replayRemovals([lines.join('')], links);
  console.log(
    `  links of a removal that came back: ${undone}; removed again from the log: ${replayed}, left: ${await left()}`,
  );
  if ((await left()) > 0) process.exitCode = 1;
  await links.close();
  await postgres.close();
  postgres = standby;
}

/** Three replicas with two connections each at a database that has six: each look-up is of somebody else. */
async function fewConnections(): Promise<void> {
  await inDatabase((client) =>
    client.query(
      `CREATE ROLE few LOGIN CONNECTION LIMIT 6; GRANT SELECT, INSERT, UPDATE, DELETE ON links TO few; GRANT SELECT ON links_schema TO few`,
    ),
  );
  const own = await started({ LINKS_URL: direct.replace('//postgres@', '//few@'), LINKS_POOL: '2' });
  const [dispatcher] = agents;
  let failed = 0;
  const before = performance.now();
  const ask = async (n: number) => {
    const { body } = await request(`http://127.0.0.1:${own[n % REPLICAS]?.port}/graphql`, {
      method: 'POST',
      dispatcher: dispatcher as Agent,
      headers,
      body: JSON.stringify({ query: `{ user(id: "${randomUUID()}") { id } }` }),
    });
    if (((await body.json()) as Answer).errors) failed += 1;
  };
  // Sixty at a time.
  const numbers = Array.from({ length: 1_200 }, (_, n) => n).values();
  await Promise.all(
    Array.from({ length: 60 }, async () => {
      for (const n of numbers) await ask(n);
    }),
  );
  const seconds = (performance.now() - before) / 1_000;
  console.log(`six connections for three replicas: of 1200 ${failed} failed, in ${seconds.toFixed(1)} s`);
  await Promise.all(own.map((replica) => end(replica, 'SIGTERM')));
}

console.log(
  `three replicas, PostgreSQL ${version?.server_version}, ` +
    `${pooler ? 'PgBouncer (transaction pooling, 6 connections)' : 'no PgBouncer: not installed'}, ` +
    (balancer ? 'HAProxy' : 'no HAProxy: not installed, so the clients take turns by themselves'),
);
await phase('nothing', isShort ? 2 : 10, async () => {});
await phase('a replica killed and started', isShort ? 4 : 10, () => restart(0, 'SIGKILL'));
await fewConnections();
// After a failure PgBouncer waits for 15 s before it connects again (server_login_retry).
await phase('PostgreSQL ended and started', isShort ? 4 : 25, async () => {
  await postgres.kill();
  await postgres.start();
});
if (!isShort) {
  await phase('PostgreSQL frozen for three seconds', 12, () => postgres.freeze(3_000));
  await phase('all replicas stopped and started in turn', 40, rollingRestart);
  await phase('a replica frozen for five seconds', 12, async () => {
    replicas[1]?.process.kill('SIGSTOP');
    await delay(5_000);
    replicas[1]?.process.kill('SIGCONT');
  });
}
await failover();
if (!isShort) {
  await balancer?.close();
  balancer = await startBalancer('nginx', replicas);
  console.log(balancer ? 'behind nginx' : 'nginx is not installed: left out');
  if (balancer) {
    await phase('nothing', 10, async () => {});
    await phase('a replica killed and started', 10, () => restart(0, 'SIGKILL'));
    await phase('all replicas stopped and started in turn', 40, rollingRestart);
  }
}

await balancer?.close();
await Promise.all(replicas.map((replica) => end(replica, 'SIGKILL')));
await Promise.all(agents.map((agent) => agent.close()));
await pooler?.close();
await postgres.close();
await primary.close();
await simulators.close();
