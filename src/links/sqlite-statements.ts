import type { SQLInputValue } from 'node:sqlite';
import type { LinkRow, Sealed } from './link-row.ts';
import type { SqlRow } from './sqlite-file.ts';

const COLUMNS = 'user_id, provider, external_id, key_id, sealed';
/** As they are read. A blob would be a memory block of its own for each row, which costs a look-up a third more. */
const VALUES = 'user_id, provider, external_id, key_id, hex(sealed)';

/** What a file of links is asked. Rows are read by `rowOf`, which knows the order of their columns. */
export const SQL = {
  of: `SELECT ${VALUES} FROM links
       WHERE user_id IN (SELECT value FROM json_each(?)) ORDER BY user_id, provider`,
  ofAt: `SELECT ${VALUES} FROM links WHERE user_id IN (SELECT value FROM json_each(?)) AND provider = ?`,
  // Without the list a single look-up takes two thirds of the time.
  ofOne: `SELECT ${VALUES} FROM links WHERE user_id = ? ORDER BY provider`,
  ofOneAt: `SELECT ${VALUES} FROM links WHERE user_id = ? AND provider = ?`,
  ofAccounts: `SELECT ${VALUES} FROM links
                  WHERE provider = ? AND external_id IN (SELECT value FROM json_each(?))`,
  page: `SELECT ${VALUES} FROM links
         WHERE (user_id, provider) > (?, ?) AND provider = coalesce(?, provider)
         ORDER BY user_id, provider LIMIT ?`,
  remove: 'DELETE FROM links WHERE user_id = ? AND provider = coalesce(?, provider)',
  // One step of the index per key, instead of reading every row. Rows without a key are at its beginning.
  keyIds: `WITH RECURSIVE used(id) AS (
             SELECT min(key_id) FROM links WHERE key_id IS NOT NULL
             UNION ALL
             SELECT (SELECT min(key_id) FROM links WHERE key_id > used.id) FROM used WHERE used.id IS NOT NULL
           ) SELECT id FROM used WHERE id IS NOT NULL
           UNION ALL SELECT NULL WHERE EXISTS (SELECT 1 FROM links WHERE key_id IS NULL)`,
  replace: `UPDATE links SET external_id = ?, key_id = ?, sealed = ?
            WHERE user_id = ? AND provider = ? AND external_id = ? AND sealed IS ?`,
  markRejected: `UPDATE links SET rejected_at = ? WHERE user_id = ? AND provider = ? AND sealed IS ? AND rejected_at IS NULL`,
  rejected: `SELECT ${VALUES}, rejected_at FROM links
             WHERE (user_id, provider) > (?, ?) AND rejected_at IS NOT NULL
             ORDER BY user_id, provider LIMIT ?`,
  add: `INSERT INTO links (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`,
  put: `INSERT INTO links (${COLUMNS}) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (user_id, provider) DO UPDATE
        SET external_id = excluded.external_id, key_id = excluded.key_id, sealed = excluded.sealed,
            rejected_at = NULL`,
};

/** A row as `add` and `put` take it. */
export function valuesOf({ userId, provider, externalId, sealed }: LinkRow): SQLInputValue[] {
  return [userId, provider, externalId, sealed?.keyId ?? null, sealed?.bytes ?? null];
}

/** A row of `VALUES`. */
export function rowOf(row: SqlRow): LinkRow {
  const [userId, provider, externalId, keyId, hex] = row as LinkValues;
  return { userId, provider, externalId, sealed: keyId === null ? null : new SealedHex(keyId, hex) };
}

/** `VALUES` of a row. */
type LinkValues = readonly [string, string, string, string | null, string];

/** Most of what is read is never opened. */
class SealedHex implements Sealed {
  readonly keyId: string;
  readonly hex: string;

  constructor(keyId: string, hex: string) {
    this.keyId = keyId;
    this.hex = hex;
  }

  get bytes(): Uint8Array {
    return Buffer.from(this.hex, 'hex');
  }
}
