import { Pool, type PoolClient } from 'pg';
import { LinksSetupError } from './link.ts';
import { refusalOf } from './postgres-errors.ts';

/**
 * In order, each in a transaction of its own; the one row of `links_schema` remembers how many the database has had. No
 * column names a collation, nor does anything here outlast a transaction: distributed databases and poolers know neither.
 * An index has a new name when it is made anew: CockroachDB drops the old one after the transaction only
 * (https://github.com/cockroachdb/cockroach/issues/98494).
 */
const MIGRATIONS = [
  `CREATE TABLE links (
     user_id     uuid NOT NULL,
     provider    text NOT NULL,
     external_id text NOT NULL,
     key_id      text,
     sealed      bytea,
     PRIMARY KEY (user_id, provider),
     UNIQUE (provider, external_id),
     CHECK ((key_id IS NULL) = (sealed IS NULL))
   );
   CREATE INDEX links_by_key ON links (key_id) WHERE key_id IS NOT NULL;`,
  `ALTER TABLE links ADD COLUMN rejected_at timestamptz;
   DROP INDEX links_by_key;
   CREATE INDEX links_by_key_id ON links (key_id);`,
];

/** The last version whose rows were not sealed as a whole. A database with rows leaves it only when they are. */
const UNSEALED_VERSION = 1;

/** Names a lock that all replicas know. The number is arbitrary, but must never change. */
const MIGRATION_LOCK = 7_310_684_201;

/** How long a connection may hold its locks while this process is silent: it, or the way to it, may be gone. */
const SILENCE_MS = 10_000;

/** Opens connections when they are needed, and gives back those that are not. */
export function openPool(connectionString: string, max: number): Pool {
  const pool = new Pool({
    connectionString,
    max,
    application_name: 'user-subgraph links',
    connectionTimeoutMillis: 1_000,
    // The server gives up first, so that no statement runs on unheard; this is for a server that says nothing at all.
    query_timeout: 2_500,
    // Soon, because others may be waiting for them where connections are few.
    idleTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // The pool replaces an idle connection that broke; an event without a listener would end the process.
  pool.on('error', ignore);
  return pool;
}

/** Does work in one transaction, on a connection of its own, which is closed if it fails. Limits hold for the transaction only. */
export async function inTransaction<T>(
  pool: Pool,
  statementMs: number,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  client.on('error', ignore);
  let failed = true;
  try {
    await client.query(
      `BEGIN; SET LOCAL statement_timeout = ${statementMs};
       SET LOCAL idle_in_transaction_session_timeout = ${SILENCE_MS}`,
    );
    const result = await work(client);
    await client.query('COMMIT');
    failed = false;
    return result;
  } finally {
    client.off('error', ignore);
    client.release(failed); // closed, it is rolled back
  }
}

/** For what changes a whole table: as long as any operator would wait. */
const MIGRATION_MS = 600_000;

/** Brings the schema up to date, unless rows have to be sealed before. Rejects with LinksSetupError where the server refuses these settings. */
export async function migrate(pool: Pool, statementMs: number): Promise<void> {
  await refusing(() => migrateAll(pool, statementMs, false));
}

/** Says that the rows are sealed. */
export async function endUnsealed(pool: Pool): Promise<void> {
  await refusing(() => migrateAll(pool, MIGRATION_MS, true));
}

/** Whether the rows are not sealed as a whole. */
export async function isUnsealed(pool: Pool, statementMs: number): Promise<boolean> {
  return inTransaction(pool, statementMs, async (client) => (await versionOf(client)) === UNSEALED_VERSION);
}

async function refusing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

async function migrateAll(pool: Pool, ms: number, isSealed: boolean): Promise<void> {
  while (await inTransaction(pool, ms, (client) => migrateOnce(client, isSealed)));
}

/** The next migration; whether there was one to make. */
async function migrateOnce(client: PoolClient, isSealed: boolean): Promise<boolean> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  const version = await versionOf(client);
  if (version > MIGRATIONS.length) {
    throw new LinksSetupError('The links were migrated by a newer version of this product: run that one.');
  }
  const migration = MIGRATIONS[version];
  if (migration === undefined) return false;
  if (version === UNSEALED_VERSION && !isSealed) {
    const { rows } = await client.query('SELECT 1 FROM links LIMIT 1');
    if (rows.length > 0) return false;
  }
  await client.query(migration);
  // Asked for only when there is something to do: a replica's user need not be allowed to create tables.
  await client.query('CREATE TABLE IF NOT EXISTS links_schema (version integer NOT NULL)');
  await client.query('DELETE FROM links_schema');
  await client.query('INSERT INTO links_schema VALUES ($1)', [version + 1]);
  return true;
}

async function versionOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('links_schema') IS NOT NULL AS there`,
  );
  if (!rows[0]?.there) return 0;
  const schema = await client.query<{ version: number }>('SELECT version FROM links_schema');
  return schema.rows[0]?.version ?? 0;
}

function ignore(): void {}
