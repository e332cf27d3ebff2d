import type { SQLOutputValue } from 'node:sqlite';
import type { SecretOwner } from './cipher.ts';
import { LinksSetupError } from './link.ts';
import {
  createSqliteFile,
  inTransaction,
  lockFile,
  openSqliteFile,
  resultCodeOf,
  type SqliteFile,
  untilNotBusy,
} from './sqlite-file.ts';
import type { LinkRow, LinkStore, Reseal } from './store.ts';

const COLUMNS = 'user_id, provider, external_id, key_id, sealed';

const SQL = {
  of: `SELECT ${COLUMNS} FROM links
       WHERE user_id IN (SELECT value FROM json_each(?)) ORDER BY user_id, provider`,
  usersOf: `SELECT user_id, provider, external_id FROM links
            WHERE provider = ? AND external_id IN (SELECT value FROM json_each(?))`,
  page: `SELECT ${COLUMNS} FROM links
         WHERE (user_id, provider) > (?, ?) AND provider = coalesce(?, provider)
         ORDER BY user_id, provider LIMIT ?`,
  remove: 'DELETE FROM links WHERE user_id = ? AND provider = coalesce(?, provider)',
  // One step of the index per key, instead of reading every row.
  keyIds: `WITH RECURSIVE used(id) AS (
             SELECT min(key_id) FROM links WHERE key_id IS NOT NULL
             UNION ALL
             SELECT (SELECT min(key_id) FROM links WHERE key_id > used.id) FROM used WHERE used.id IS NOT NULL
           ) SELECT id FROM used WHERE id IS NOT NULL`,
  sealedWith: `SELECT ${COLUMNS} FROM links WHERE key_id = ? LIMIT ?`,
  reseal: 'UPDATE links SET key_id = ?, sealed = ? WHERE user_id = ? AND provider = ? AND sealed = ?',
  add: `INSERT INTO links (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`,
};

/** Links in one file, or in memory (`:memory:`). For one machine: several processes on it may share the file. */
export function openSqliteStore(path: string): LinkStore {
  let file: SqliteFile | null = null;
  let importingInMemory = false;

  /**
   * SQLite goes on answering from a file that was removed or replaced, which would be a wrong answer.
   * So no file is an error, and another file is opened anew.
   */
  function current(): SqliteFile {
    if (!file?.isCurrent()) {
      const fresh = openSqliteFile(path);
      file?.db.close();
      file = fresh;
    }
    return file;
  }

  function lockMemory(): { release(): void } | null {
    if (importingInMemory) return null;
    importingInMemory = true;
    return {
      release() {
        importingInMemory = false;
      },
    };
  }

  const ask = <T>(work: (file: SqliteFile) => T): Promise<T> => untilNotBusy(() => work(current()));
  const change = <T>(work: (file: SqliteFile) => T): Promise<T> =>
    ask((open) => inTransaction(open.db, () => work(open)));

  return {
    async prepare() {
      try {
        if (path !== ':memory:') createSqliteFile(path);
        await ask(() => undefined);
      } catch (error) {
        if (error instanceof LinksSetupError || resultCodeOf(error) === 5) throw error;
        throw new LinksSetupError(`The file of LINKS_URL cannot be used for the links (${codeOf(error)}).`);
      }
    },
    of: (userIds) => ask((open) => open.statement(SQL.of).all(JSON.stringify(userIds)).map(rowOf)),
    usersOf: (provider, externalIds) =>
      ask((open) => open.statement(SQL.usersOf).all(provider, JSON.stringify(externalIds)).map(ownerOf)),
    page: (after, limit, provider) =>
      ask((open) =>
        open
          .statement(SQL.page)
          .all(after?.userId ?? '', after?.provider ?? '', provider, limit)
          .map(rowOf),
      ),
    remove: (userId, provider) =>
      ask((open) => Number(open.statement(SQL.remove).run(userId, provider ?? null).changes)),
    keyIds: () =>
      ask((open) =>
        open
          .statement(SQL.keyIds)
          .all()
          .map((row) => String(row['id'])),
      ),
    sealedWith: (keyId, limit) =>
      ask((open) => open.statement(SQL.sealedWith).all(keyId, limit).map(rowOf) as Reseal['row'][]),
    reseal: (changes) =>
      change((open) => {
        const update = open.statement(SQL.reseal);
        for (const { row, sealed } of changes) {
          update.run(sealed.keyId, sealed.bytes, row.userId, row.provider, row.sealed.bytes);
        }
      }),
    async claimImport() {
      const lock = path === ':memory:' ? lockMemory() : lockFile(`${path}.import.db`);
      return (
        lock && {
          replace: (rows, replaced) =>
            change((open) => {
              const remove = open.statement(SQL.remove);
              const add = open.statement(SQL.add);
              for (const { userId, provider } of replaced) remove.run(userId, provider);
              for (const { userId, provider, externalId, sealed } of rows) {
                add.run(userId, provider, externalId, sealed?.keyId ?? null, sealed?.bytes ?? null);
              }
            }),
          async release() {
            lock.release();
          },
        }
      );
    },
    codeOf,
    async close() {
      file?.db.close();
      file = null;
    },
  };
}

function codeOf(error: unknown): string {
  const { errstr, code } = (error ?? {}) as { errstr?: unknown; code?: unknown };
  const sqlite = resultCodeOf(error);
  // SQLite has one text per result code: it names no file.
  if (sqlite !== null) return `SQLITE_${sqlite} ${String(errstr)}`;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

type SqlRow = Record<string, SQLOutputValue>;

function ownerOf(row: SqlRow): SecretOwner {
  return {
    userId: row['user_id'] as string,
    provider: row['provider'] as string,
    externalId: row['external_id'] as string,
  };
}

function rowOf(row: SqlRow): LinkRow {
  const keyId = row['key_id'] as string | null;
  return { ...ownerOf(row), sealed: keyId === null ? null : { keyId, bytes: row['sealed'] as Uint8Array } };
}
