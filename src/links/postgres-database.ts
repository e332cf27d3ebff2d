import { Pool, type PoolClient } from 'pg';
import { LinksSetupError } from './link.ts';

/** In order; the one row of `links_schema` remembers how many the database has had. */
const MIGRATIONS = [
  `CREATE TABLE links (
     user_id     uuid NOT NULL,
     provider    text COLLATE "C" NOT NULL,
     external_id text COLLATE "C" NOT NULL,
     key_id      text COLLATE "C",
     sealed      bytea,
     PRIMARY KEY (user_id, provider),
     UNIQUE (provider, external_id),
     CHECK ((key_id IS NULL) = (sealed IS NULL))
   );
   CREATE INDEX links_by_key ON links (key_id) WHERE key_id IS NOT NULL;`,
];

/** Names a lock that all replicas know. The number is arbitrary, but must never change. */
const MIGRATION_LOCK = 7_310_684_201;

/** All within the time that an operation has. The server gives up first, so that no statement runs on unheard. */
const LIMITS = {
  max: 10,
  connectionTimeoutMillis: 1_000,
  statement_timeout: 2_000,
  query_timeout: 2_500,
  idleTimeoutMillis: 30_000,
};

export function openPool(url: string): Pool {
  const pool = new Pool({ connectionString: url, application_name: 'user-subgraph links', ...LIMITS });
  // The pool replaces an idle connection that broke; an event without a listener would end the process.
  pool.on('error', ignore);
  return pool;
}

/** A connection of one's own. One on which something failed is closed when it is given back. */
export async function checkOut(pool: Pool): Promise<{ client: PoolClient; giveBack(failed: boolean): void }> {
  const client = await pool.connect();
  client.on('error', ignore);
  return {
    client,
    giveBack(failed) {
      client.off('error', ignore);
      client.release(failed);
    },
  };
}

export async function inTransaction(client: PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(ignore); // the first error is the one to tell
    throw error;
  }
}

/** Brings the schema up to date. Rejects with LinksSetupError where the server refuses these settings. */
export async function migrate(pool: Pool): Promise<void> {
  let connection: Awaited<ReturnType<typeof checkOut>> | undefined;
  try {
    connection = await checkOut(pool);
    const { client } = connection;
    await inTransaction(client, () => migrateOn(client));
    connection.giveBack(false);
  } catch (error) {
    connection?.giveBack(true);
    throw refusalOf(error) ?? error;
  }
}

async function migrateOn(client: PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  const version = await versionOf(client);
  if (version > MIGRATIONS.length) {
    throw new LinksSetupError('The links were migrated by a newer version of this product: run that one.');
  }
  if (version === MIGRATIONS.length) return;
  for (const migration of MIGRATIONS.slice(version)) await client.query(migration);
  // Asked for only when there is something to do: a replica's user need not be allowed to create tables.
  await client.query('CREATE TABLE IF NOT EXISTS links_schema (version integer NOT NULL)');
  await client.query('DELETE FROM links_schema');
  await client.query('INSERT INTO links_schema VALUES ($1)', [MIGRATIONS.length]);
}

async function versionOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('links_schema') IS NOT NULL AS there`,
  );
  if (!rows[0]?.there) return 0;
  const schema = await client.query<{ version: number }>('SELECT version FROM links_schema');
  return schema.rows[0]?.version ?? 0;
}

/** What waiting does not mend, by SQLSTATE class or by one of CODES: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REFUSALS: Readonly<Record<string, string>> = {
  '28': 'PostgreSQL refuses the user or the password of LINKS_URL',
  '3D': 'the database of LINKS_URL does not exist',
  '3F': 'the database of LINKS_URL has no schema to create tables in',
  '42': 'the user of LINKS_URL may not create or use the tables of the links',
  NO_PASSWORD: 'PostgreSQL asks for a password, and LINKS_URL has none',
  NO_TLS: 'LINKS_URL asks for TLS, which PostgreSQL does not offer there',
  NO_FILE: 'a file that LINKS_URL names, such as sslrootcert, is not there',
};

function refusalOf(error: unknown): LinksSetupError | null {
  const isMissingFile = error instanceof Error && (error as NodeJS.ErrnoException).syscall === 'open';
  const code = isMissingFile ? 'NO_FILE' : codeOf(error);
  const refusal = REFUSALS[/^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : code];
  return refusal === undefined ? null : new LinksSetupError(`${refusal} (${code}).`);
}

/** What pg says in words only. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/timeout exceeded when trying to connect|due to connection timeout/, 'CONNECT_TIMEOUT'],
  [/^Query read timeout/, 'QUERY_TIMEOUT'],
  [/client password must be/, 'NO_PASSWORD'],
  [/does not support SSL/, 'NO_TLS'],
  [/^Connection terminated|^Client has encountered a connection error/, 'CONNECTION_LOST'],
];

/** An SQLSTATE, a code of the operating system, or one of CODES. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return CODES.find(([words]) => words.test(error.message))?.[1] ?? 'UNKNOWN';
}

/** The connection broke, so the server did not refuse anything. */
export function isBroken(error: unknown): boolean {
  return ['CONNECTION_LOST', 'ECONNRESET', 'EPIPE', '57P01'].includes(codeOf(error));
}

function ignore(): void {}
