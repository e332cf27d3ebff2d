import type { LinkRow } from './link-row.ts';

const COLUMNS = 'user_id, provider, external_id, key_id, sealed';

/** What a database of links is asked. Rows are read by `rowOf`. */
export const SQL = {
  of: `SELECT ${COLUMNS} FROM links WHERE user_id = ANY($1::uuid[]) ORDER BY user_id, provider`,
  ofAccounts: `SELECT ${COLUMNS} FROM links WHERE provider = $1 AND external_id = ANY($2::text[])`,
  page: `SELECT ${COLUMNS} FROM links
         WHERE (user_id, provider) > ($1::uuid, $2) AND provider = coalesce($3, provider)
         ORDER BY user_id, provider LIMIT $4`,
  remove: 'DELETE FROM links WHERE user_id = $1 AND provider = coalesce($2, provider)',
  // One step of the index per key, instead of reading every row. Rows without a key are at its end.
  keyIds: `WITH RECURSIVE used(id) AS (
             SELECT min(key_id) FROM links WHERE key_id IS NOT NULL
             UNION ALL
             SELECT (SELECT min(key_id) FROM links WHERE key_id > used.id) FROM used WHERE used.id IS NOT NULL
           ) SELECT id FROM used WHERE id IS NOT NULL
           UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM links WHERE key_id IS NULL)`,
  // The condition on user_id alone makes it an index scan, also before the table was ever analysed.
  replace: `UPDATE links SET external_id = new.external_id, key_id = new.key_id, sealed = new.sealed
            FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::bytea[])
              AS new(user_id, provider, external_id, key_id, sealed, old_id, old_seal)
            WHERE links.user_id = ANY($1::uuid[])
              AND links.user_id = new.user_id AND links.provider = new.provider
              AND links.external_id = new.old_id AND links.sealed IS NOT DISTINCT FROM new.old_seal`,
  put: `INSERT INTO links (${COLUMNS}) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (user_id, provider) DO UPDATE
        SET external_id = excluded.external_id, key_id = excluded.key_id, sealed = excluded.sealed,
            rejected_at = NULL`,
  tryLock: 'SELECT pg_try_advisory_xact_lock($1) AS claimed',
  removeRows: `DELETE FROM links WHERE user_id = ANY($1::uuid[])
               AND (user_id, provider) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))`,
  addRows: `INSERT INTO links (${COLUMNS})
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[])`,
  markRejected: `UPDATE links SET rejected_at = now()
                 WHERE user_id = $1 AND provider = $2 AND sealed = $3 AND rejected_at IS NULL`,
  rejected: `SELECT ${COLUMNS}, rejected_at FROM links
             WHERE (user_id, provider) > ($1::uuid, $2) AND rejected_at IS NOT NULL
             ORDER BY user_id, provider LIMIT $3`,
};

/** A row as the driver gives it. */
export interface SqlRow {
  user_id: string;
  provider: string;
  external_id: string;
  key_id: string | null;
  sealed: Buffer | null;
}

export function rowOf(row: SqlRow): LinkRow {
  const { user_id: userId, provider, external_id: externalId, key_id: keyId, sealed: bytes } = row;
  return { userId, provider, externalId, sealed: keyId === null || bytes === null ? null : { keyId, bytes } };
}

/** The values of a row, in the order of its columns. */
export function valuesOf({ userId, provider, externalId, sealed }: LinkRow): unknown[] {
  return [userId, provider, externalId, sealed?.keyId ?? null, sealed?.bytes ?? null];
}
