import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import { PassThrough, Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runLinksCommand } from '../../src/links/command.ts';
import {
  type LinksAdmin,
  type LinksSettings,
  LinksUnavailableError,
  openLinks,
} from '../../src/links/links.ts';
import { codeOf, refusalOf } from '../../src/links/postgres-errors.ts';
import { Authority } from '../support/authority.ts';
import { startSubgraph } from '../support/subgraph.ts';
import { keyA, keyB, linkable, ndjson, noStandings, user } from './fixtures.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { type LogLine, logTo, queryPostgres } from './stores.ts';

const ada = { userId: user(1), provider: 'vault', externalId: 'a1', secret: 'in-ada' };

describe('links in PostgreSQL', () => {
  let server: PostgresServer;
  let url: string;
  let time: number;
  const log: LogLine[] = [];
  const opened: LinksAdmin[] = [];

  async function open(settings: Partial<LinksSettings> = {}): Promise<LinksAdmin> {
    const links = await openLinks({
      url,
      keys: [keyA],
      linkable,
      log: logTo(log),
      now: () => time,
      ...settings,
    });
    opened.push(links);
    return links;
  }

  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    time = 1_000_000;
    log.length = 0;
    await queryPostgres(url, 'DROP TABLE IF EXISTS links, links_schema');
  });
  afterEach(() => Promise.all(opened.splice(0).map((links) => links.close())));

  const levels = () => log.map(({ level }) => level);

  it('fail while the server is down, say so once, and are back by themselves', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    await server.kill();

    await expect(links.of([user(1)])).rejects.toThrow(LinksUnavailableError);
    await expect(links.of([user(2)])).rejects.toThrow('cannot be read or written at the moment');
    time += 10_000;
    await expect(links.usersOf('vault', ['a1'])).rejects.toThrow(LinksUnavailableError);
    await expect(links.removeAll(user(1))).rejects.toThrow(LinksUnavailableError);
    expect(levels()).toEqual(['error']);

    await server.start();
    time += 10_000;
    const [link] = (await links.of([user(1)])).get(user(1)) ?? [];
    expect(link?.secret).toBe('in-ada');
    expect(levels()).toEqual(['error', 'info']);
    expect(log[1]?.fields).toEqual({ downForMs: 20_000 });
    expect(JSON.stringify(log)).not.toMatch(/links-pg|postgres@|in-ada/);
  });

  it('are asked by one request in half a second while they are down, but by every removal', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    await server.kill();
    await expect(links.of([user(1)])).rejects.toThrow(LinksUnavailableError);
    time += 500;
    await expect(links.of([user(1)])).rejects.toThrow(LinksUnavailableError);
    await server.start();

    time += 499;
    await expect(links.of([user(1)])).rejects.toThrow(LinksUnavailableError);
    expect(await links.removeAll(user(1))).toBe(1);
    expect(await links.of([user(1)])).toEqual(new Map());
    expect(levels()).toEqual(['error', 'info', 'info']);
    expect(log[2]).toMatchObject({ fields: { userId: user(1), removed: 1 }, message: 'links removed' });
  });

  it('open while the server is down, and get ready when it is up', async () => {
    await server.kill();
    const links = await open();
    expect(levels()).toEqual(['error']);
    await expect(links.of([user(1)])).rejects.toThrow(LinksUnavailableError);

    await server.start();
    time += 500;
    expect(await links.of([user(1)])).toEqual(new Map());
    await links.import([ndjson(ada)]);
    expect((await links.of([user(1)])).size).toBe(1);
  });

  it('tell what to do when a wrong key comes to light only once the server is up', async () => {
    await (await open()).import([ndjson(ada)]);
    await server.kill();
    const links = await open({ keys: [keyB] });
    await server.start();

    time += 500;
    await expect(links.of([user(1)])).rejects.toThrow(LinksUnavailableError);
    expect(levels()).toEqual(['error', 'error']);
    expect(log[1]?.fields).toMatchObject({
      code: 'SETUP',
      todo: expect.stringContaining('LINKS_ENCRYPTION_KEY'),
    });
  });

  it('take a connection that was cut, idle or busy, for no outage', async () => {
    const links = await open();
    await links.import([ndjson(ada)]);
    await links.of([user(2)]);
    const cut = (which: string) =>
      queryPostgres(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE 'user-subgraph%' AND ${which}`,
      );
    await cut('true');
    expect((await links.of([user(1)])).size).toBe(1);

    const locking = new Client({ connectionString: url });
    await locking.connect();
    await locking.query('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
    const reading = links.of([user(3), user(1)]);
    while ((await cut("wait_event_type = 'Lock'")).length === 0);
    await locking.end();
    expect([...(await reading).keys()]).toEqual([user(1)]);
    expect(log).toEqual([]);
  });

  it('give up on a statement that takes too long', async () => {
    const links = await open();
    const locking = new Client({ connectionString: url });
    await locking.connect();
    await locking.query('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
    await expect(links.of([user(1)])).rejects.toMatchObject({ code: '57014' });
    await locking.end();
    time += 500;
    expect(await links.of([user(1)])).toEqual(new Map());
  });

  it('give up on a connection on which nothing is said any more', async () => {
    const url = await server.createDatabase();
    const links = await open({ url });
    const [backend] = await queryPostgres(
      url,
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'user-subgraph%'`,
    );
    const pid = Number(backend?.['pid']);
    kill(pid, 'SIGSTOP');
    onTestFinished(() => void kill(pid, 'SIGCONT'));
    await expect(links.of([user(1)])).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
    time += 500;
    expect(await links.of([user(1)])).toEqual(new Map());
  });

  it('keep no connection for an import that may not begin', async () => {
    const url = await server.createDatabase();
    await open({ url });
    await queryPostgres(
      url,
      `CREATE ROLE reader LOGIN; GRANT SELECT ON links, links_schema TO reader;
       REVOKE EXECUTE ON FUNCTION pg_try_advisory_xact_lock(bigint) FROM PUBLIC`,
    );
    const links = await open({ url: url.replace('postgres@', 'reader@') });
    // Once more than there are connections.
    for (let attempt = 0; attempt < 11; attempt++)
      await expect(links.import([ndjson(ada)])).rejects.toMatchObject({ code: '42501' });
    expect(await links.of([user(1)])).toEqual(new Map());
  });

  it('ask nothing of a connection when it is made, and leave nothing behind on it', async () => {
    const links = await open({ connections: 1 });
    await links.import([ndjson(ada)]);
    await links.of([user(1)]);
    const [setting] = await queryPostgres(
      url,
      `SELECT count(*)::int AS connections, max(query) AS last FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'user-subgraph%'`,
    );
    expect(setting).toMatchObject({ connections: 1, last: expect.stringContaining('SELECT user_id') });
    const said: Buffer[] = [];
    const listening = createServer((socket) =>
      socket.once('data', (bytes) => said.push(bytes) && socket.end()),
    );
    await once(listening.listen(0, '127.0.0.1'), 'listening');
    const { port } = listening.address() as { port: number };
    await open({ url: `postgres://a:b@127.0.0.1:${port}/links?statement_timeout=5000` });
    listening.close();
    expect(said[0]?.subarray(8).toString().split('\0').filter(Boolean)).toEqual([
      'user',
      'a',
      'database',
      'links',
      'application_name',
      'user-subgraph links',
      'client_encoding',
      'UTF8',
    ]);
  });

  it('say that their connections are all in use, which is no outage', async () => {
    const links = await open({ connections: 2 });
    await links.of([user(9)]);
    const locking = new Client({ connectionString: url });
    await locking.connect();
    await locking.query('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
    const waiting = Array.from({ length: 5 }, async (_, n) => links.of([user(n)]));
    const results = await Promise.allSettled(waiting);
    const codes = results.map((result) => (result as { reason?: { code: string } }).reason?.code);
    expect(codes.filter((code) => code === 'POOL_BUSY')).toHaveLength(3);
    expect(log.filter(({ fields }) => (fields as { code: string }).code === 'POOL_BUSY')).toHaveLength(1);
    await locking.end();
  });

  it('wait a moment for a server that has no connection to spare', async () => {
    const full = await startPostgres(undefined, [
      'fsync=off',
      'max_connections=5',
      'superuser_reserved_connections=0',
      'reserved_connections=0',
      'max_wal_senders=0',
    ]);
    onTestFinished(() => full.close());
    const url = await full.createDatabase();
    const links = await open({ url });
    const others = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = new Client({ connectionString: url });
        await client.connect();
        return client;
      }),
    );
    // Two at once need two connections, and there is one.
    const found = Promise.all([links.of([user(1)]), links.of([user(2)]), links.of([user(3)])]);
    expect(await found).toEqual([new Map(), new Map(), new Map()]);
    await Promise.all(others.map((client) => client.end()));
    expect(log).toEqual([]);
  });

  it('do a batch of an import again when somebody is linked in the middle of it', async () => {
    const links = await open();
    const linking = new Client({ connectionString: url });
    await linking.connect();
    await linking.query(
      `BEGIN; INSERT INTO links (user_id, provider, external_id) VALUES ('${user(1)}', 'numbers', '500')`,
    );
    const importing = links.import([ndjson({ userId: user(1), provider: 'numbers', externalId: '147' })]);
    const isBlocked = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT%'`;
    while ((await queryPostgres(url, isBlocked)).length === 0);
    await linking.query('COMMIT');
    await linking.end();
    expect(await importing).toEqual({ added: 0, changed: 1, unchanged: 0, rejected: 0 });
  });

  it('import as soon as a machine that vanished in the middle of a batch is given up', async () => {
    const links = await open();
    // What inTransaction sets, on a connection that is never heard of again.
    const vanished = new Client({ connectionString: url });
    vanished.on('error', () => {});
    await vanished.connect();
    await vanished.query(
      `BEGIN; SET LOCAL idle_in_transaction_session_timeout = 500; SELECT pg_advisory_xact_lock(7310684202)`,
    );
    let waited = 0;
    const report = await links.import([ndjson(ada)], { onWaiting: () => void (waited += 1) });
    expect([report.added, waited]).toEqual([1, 1]);
    await vanished.end();
  });

  it('hold no operation beyond its time', async () => {
    const subgraph = await startSubgraph({ LINKS_URL: url, OPERATION_TIMEOUT_MS: '1500' });
    const locking = new Client({ connectionString: url });
    await locking.connect();
    await locking.query('BEGIN; LOCK TABLE links IN ACCESS EXCLUSIVE MODE');
    const { data, errors } = await subgraph.ask('{ me { name organization { name } } }', { as: 'demo-ada' });
    await locking.end();
    expect(data.me).toEqual({ name: 'Ada Lovelace', organization: null });
    expect(errors).toMatchObject([
      {
        message: 'The account links cannot be read or written at the moment.',
        extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'links', retryable: true },
      },
    ]);
    await subgraph.stop();
  });

  it('give up after a second on a server that accepts connections and says nothing', async () => {
    const silent = createServer(() => {});
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as { port: number };
    const start = performance.now();
    const links = await open({ url: `postgres://someone:secret@127.0.0.1:${port}/links` });
    expect(performance.now() - start).toBeLessThan(2_000);
    await expect(links.of([user(1)])).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT' });
    expect(JSON.stringify(log)).not.toMatch(/127\.0\.0\.1|someone|secret/);
    silent.close();
  });

  it.each([
    [
      'a database that does not exist',
      (url: string) => url.replace('/links_1', '/nowhere'),
      /does not exist \(3D000\)/,
    ],
    [
      'a user that it does not know',
      (url: string) => url.replace('postgres@', 'x@'),
      /the user or the password .*28000/,
    ],
    [
      'a certificate that is not there',
      (url: string) => `${url}&sslmode=verify-full&sslrootcert=/nowhere/ca.pem`,
      /sslrootcert, is not there \(NO_FILE\)/,
    ],
  ])('do not open on %s', async (_, wrong, message) => {
    await expect(open({ url: wrong(url) })).rejects.toThrow(message);
  });

  it('do not open on a certificate that is not trusted, or is of another host', async () => {
    const authority = new Authority();
    const certificate = authority.issue({ hosts: ['db.example'] });
    // As a server does: the answer to SSLRequest, then the handshake.
    const tls = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.write('S');
        new TLSSocket(socket, { isServer: true, ...certificate }).on('error', () => {});
      });
    });
    await once(tls.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void tls.close());
    const { port } = tls.address() as { port: number };
    const url = (sslmode: string) => `postgres://a:b@127.0.0.1:${port}/links?sslmode=${sslmode}`;
    for (const sslmode of ['verify-full', 'verify-ca', 'require', 'prefer'])
      await expect(open({ url: url(sslmode) })).rejects.toThrow(/certificate is not trusted, .*sslrootcert/);
    const folder = await mkdtemp(join(tmpdir(), 'links-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, authority.certificate);
    await expect(open({ url: `${url('verify-full')}&sslrootcert=${ca}` })).rejects.toThrow(
      /another host's; .*\(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
  });

  it.each([
    ['sslmode=verify_full', 'sslmode in LINKS_URL must be one of disable, no-verify, prefer, require'],
    ['ssl_mode=verify-full', 'LINKS_URL has a parameter that nobody here knows (ssl_mode). Known are host'],
    ['statement_timeout=2s', 'statement_timeout in LINKS_URL must be a whole number of milliseconds'],
    ['target_session_attrs=standby', 'must be read-write, primary or any'],
    ['port=99999', 'port in LINKS_URL must be a number from 1 to 65535'],
    ['host=a,b', 'LINKS_URL names several hosts, and this driver takes one'],
  ])('do not open with %s', async (parameter, message) => {
    await expect(open({ url: `postgres://u:hunter2@db/links?${parameter}` })).rejects.toThrow(message);
  });

  it.each([
    ['db:99999', 'has a port that is no number from 1 to 65535'],
    ['db:0', 'has a port that is no number from 1 to 65535'],
    ['db:54x2', 'has a port that is no number from 1 to 65535'],
    ['db:', 'has a port that is no number from 1 to 65535'],
    ['', 'names no host'],
    [':5432', 'names no host'],
    ['d b', 'has a space or a backslash in its host'],
    ['::1', 'has an IPv6 address that is not in brackets'],
    ['[::g]', 'has no IPv6 address in its brackets'],
  ])('say what is wrong with a host or port: "%s"', async (host, problem) => {
    await expect(open({ url: `postgres://u:hunter2@${host}/links` })).rejects.toThrow(
      `LINKS_URL ${problem}.`.slice(0, -1),
    );
  });

  it.each([
    ['a#b', 'LINKS_URL cannot be read. In the user and the password'],
    ['12/b', 'LINKS_URL cannot be read. In the user and the password'],
    ['a/b', 'LINKS_URL cannot be read. In the user and the password'],
    ['a?b', 'LINKS_URL cannot be read. In the user and the password'],
  ])('say how a password like %s is written', async (password, message) => {
    await expect(open({ url: `postgres://u:${password}@db/links` })).rejects.toThrow(message);
  });

  it.each(['postgres://u:p@a,b/links', 'postgres://u:p@a:5432,b:5432/links?target_session_attrs=read-write'])(
    'say what to use instead of several hosts: %s',
    async (url) => {
      await expect(open({ url })).rejects.toThrow(
        /names several hosts, and this driver takes one: .* HAProxy or PgBouncer/,
      );
    },
  );

  it('do not open where PgBouncer does not know the database, and try again where it only is full', () => {
    // The words and the code of PgBouncer 1.18.
    const said = (words: string) => Object.assign(new Error(words), { code: '08P01' });
    expect(refusalOf(said('no such database: links'))?.message).toMatch(
      /^the pooler of LINKS_URL does not take/,
    );
    expect(refusalOf(said('unsupported startup parameter: options'))?.message).toMatch(/its log says why/);
    expect(refusalOf(said('no more connections allowed (max_client_conn)'))).toBeNull();
    expect(codeOf(said('query_wait_timeout'))).toBe('POOL_BUSY');
    expect(refusalOf(said('server login failed: connect failed'))).toBeNull();
  });

  it('do not open on a server without TLS when the URL asks for it', async () => {
    const plain = createServer((socket) => socket.once('data', () => socket.write('N')));
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    const { port } = plain.address() as { port: number };
    const asked = open({ url: `postgres://a:b@127.0.0.1:${port}/links?sslmode=verify-full` });
    await expect(asked).rejects.toThrow(/does not offer there \(NO_TLS\)/);
    plain.close();
  });

  it('open for a user that may read and write, but not create tables', async () => {
    await (await open()).import([ndjson(ada)]);
    await queryPostgres(
      url,
      `DROP ROLE IF EXISTS replica; CREATE ROLE replica LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC;
       GRANT SELECT, INSERT, UPDATE, DELETE ON links TO replica; GRANT SELECT ON links_schema TO replica`,
    );
    const links = await open({ url: url.replace('postgres@', 'replica@') });
    expect(await links.removeAll(user(1))).toBe(1);
    await queryPostgres(url, 'DROP TABLE links, links_schema');
    await expect(open({ url: url.replace('postgres@', 'replica@') })).rejects.toThrow(
      'the user of LINKS_URL may not create or use the tables of the links (42501).',
    );
  });

  it.each(['writes', 'waits for lines'])(
    'lose and double nothing when the server dies while an import %s',
    async (when) => {
      const links = Array.from({ length: 10_000 }, (_, n) => ({
        ...ada,
        userId: user(n),
        externalId: `a${n}`,
      }));
      const importing = async (killAt: number) => {
        const stdout = new PassThrough();
        let killed: Promise<void> | undefined;
        async function* stdin() {
          for (let from = 0; from < links.length; from += 500) {
            if (from === killAt) killed = server.kill();
            if (when === 'waits for lines') await killed;
            yield ndjson(...links.slice(from, from + 500));
          }
        }
        const exit = await runLinksCommand(['import', '-', '--json'], {
          settings: () => ({ url, keys: [keyA] }),
          linkable,
          standings: noStandings,
          stdin: Readable.from(stdin()),
          stdout,
          stderr: new PassThrough(),
        });
        await killed;
        return { exit, report: JSON.parse(String(stdout.read() ?? '{}')) as object };
      };

      expect(await importing(5_000)).toEqual({ exit: 3, report: {} });
      await server.start();
      const [stored] = await queryPostgres(url, 'SELECT count(*)::int AS rows FROM links');
      const rows = Number(stored?.['rows']);
      expect(rows % 2_000).toBe(0); // whole batches
      expect(rows).toBeGreaterThan(0);
      expect(rows).toBeLessThan(10_000);

      expect(await importing(-1)).toEqual({
        exit: 0,
        report: { added: 10_000 - rows, changed: 0, unchanged: rows, rejected: 0, dryRun: false },
      });
      const [check] = await queryPostgres(
        url,
        `SELECT count(*)::int AS rows, count(DISTINCT user_id)::int AS users FROM links
       WHERE external_id = 'a' || right(user_id::text, 12)::int`,
      );
      expect(check).toEqual({ rows: 10_000, users: 10_000 });
    },
  );
});
