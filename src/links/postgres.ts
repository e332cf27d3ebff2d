import type { QueryResultRow } from 'pg';
import type { SecretOwner } from './cipher.ts';
import { checkOut, codeOf, inTransaction, isBroken, migrate, openPool } from './postgres-database.ts';
import type { LinkRow, LinkStore, Reseal } from './store.ts';

const COLUMNS = 'user_id, provider, external_id, key_id, sealed';

const SQL = {
  of: `SELECT ${COLUMNS} FROM links WHERE user_id = ANY($1::uuid[]) ORDER BY user_id, provider`,
  usersOf: `SELECT user_id, provider, external_id FROM links
            WHERE provider = $1 AND external_id = ANY($2::text[])`,
  page: `SELECT ${COLUMNS} FROM links
         WHERE (user_id, provider) > ($1::uuid, $2) AND provider = coalesce($3, provider)
         ORDER BY user_id, provider LIMIT $4`,
  remove: 'DELETE FROM links WHERE user_id = $1 AND provider = coalesce($2, provider)',
  // One step of the index per key, instead of reading every row.
  keyIds: `WITH RECURSIVE used(id) AS (
             SELECT min(key_id) FROM links WHERE key_id IS NOT NULL
             UNION ALL
             SELECT (SELECT min(key_id) FROM links WHERE key_id > used.id) FROM used WHERE used.id IS NOT NULL
           ) SELECT id FROM used WHERE id IS NOT NULL`,
  sealedWith: `SELECT ${COLUMNS} FROM links WHERE key_id = $1 LIMIT $2`,
  // The condition on user_id alone makes it an index scan, also before the table was ever analysed.
  reseal: `UPDATE links SET key_id = new.key_id, sealed = new.sealed
           FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::bytea[])
             AS new(user_id, provider, was, key_id, sealed)
           WHERE links.user_id = ANY($1::uuid[])
             AND links.user_id = new.user_id AND links.provider = new.provider AND links.sealed = new.was`,
  put: `INSERT INTO links (${COLUMNS}) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (user_id, provider) DO UPDATE
        SET external_id = excluded.external_id, key_id = excluded.key_id, sealed = excluded.sealed`,
  removeRows: `DELETE FROM links WHERE user_id = ANY($1::uuid[])
               AND (user_id, provider) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))`,
  addRows: `INSERT INTO links (${COLUMNS})
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[])`,
};

/** Names a lock that all replicas know. The number is arbitrary, but must never change. */
const IMPORT_LOCK = 7_310_684_202;

/** Another row has what may be there once only: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';

const BEFORE_ALL = { userId: '00000000-0000-0000-0000-000000000000', provider: '' };

/** Links in a PostgreSQL database, for any number of replicas. */
export function openPostgresStore(url: string): LinkStore {
  const pool = openPool(url);

  async function ask<Row extends QueryResultRow>(sql: string, values: unknown[]) {
    try {
      return await pool.query<Row>(sql, values);
    } catch (error) {
      // Most often the connection was cut while it was idle. Every statement here may be repeated.
      if (!isBroken(error)) throw error;
      return pool.query<Row>(sql, values);
    }
  }

  return {
    isRemote: true,
    prepare: () => migrate(pool),
    of: async (userIds) => (await ask<SqlRow>(SQL.of, [userIds])).rows.map(rowOf),
    usersOf: async (provider, externalIds) =>
      (await ask<SqlRow>(SQL.usersOf, [provider, externalIds])).rows.map(ownerOf),
    page: async (after, limit, provider) => {
      const { userId, provider: last } = after ?? BEFORE_ALL;
      return (await ask<SqlRow>(SQL.page, [userId, last, provider, limit])).rows.map(rowOf);
    },
    async put({ userId, provider, externalId, sealed }) {
      try {
        await ask(SQL.put, [userId, provider, externalId, sealed?.keyId ?? null, sealed?.bytes ?? null]);
        return true;
      } catch (error) {
        if (codeOf(error) === UNIQUE_VIOLATION) return false;
        throw error;
      }
    },
    remove: async (userId, provider) => (await ask(SQL.remove, [userId, provider ?? null])).rowCount ?? 0,
    keyIds: async () => (await ask<{ id: string }>(SQL.keyIds, [])).rows.map(({ id }) => id),
    sealedWith: async (keyId, limit) =>
      (await ask<SqlRow>(SQL.sealedWith, [keyId, limit])).rows.map(rowOf) as Reseal['row'][],
    async reseal(changes) {
      await ask(SQL.reseal, [
        changes.map(({ row }) => row.userId),
        changes.map(({ row }) => row.provider),
        changes.map(({ row }) => row.sealed.bytes),
        changes.map(({ sealed }) => sealed.keyId),
        changes.map(({ sealed }) => sealed.bytes),
      ]);
    },
    async claimImport() {
      const { client, giveBack } = await checkOut(pool);
      const claimed = await client
        .query<{ claimed: boolean }>('SELECT pg_try_advisory_lock($1) AS claimed', [IMPORT_LOCK])
        .catch((error: unknown) => {
          giveBack(true);
          throw error;
        });
      if (!claimed.rows[0]?.claimed) {
        giveBack(false);
        return null;
      }
      return {
        // On the connection that holds the lock: losing the lock is losing the right to write.
        replace: (rows, replaced) =>
          inTransaction(client, async () => {
            if (replaced.length > 0) {
              const names = [replaced.map((row) => row.userId), replaced.map((row) => row.provider)];
              await client.query(SQL.removeRows, names);
            }
            await client.query(SQL.addRows, [
              rows.map((row) => row.userId),
              rows.map((row) => row.provider),
              rows.map((row) => row.externalId),
              rows.map((row) => row.sealed?.keyId ?? null),
              rows.map((row) => row.sealed?.bytes ?? null),
            ]);
          }),
        // The server gives the lock back with the connection, whatever state that is in.
        release: async () => giveBack(true),
      };
    },
    codeOf,
    close: () => pool.end(),
  };
}

interface SqlRow {
  user_id: string;
  provider: string;
  external_id: string;
  key_id: string | null;
  sealed: Buffer | null;
}

function ownerOf(row: SqlRow): SecretOwner {
  return { userId: row.user_id, provider: row.provider, externalId: row.external_id };
}

function rowOf(row: SqlRow): LinkRow {
  const { key_id: keyId, sealed: bytes } = row;
  return { ...ownerOf(row), sealed: keyId === null || bytes === null ? null : { keyId, bytes } };
}
