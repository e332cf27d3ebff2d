import { closeSync, openSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { SecretOwner } from './cipher.ts';
import { LinksSetupError } from './link.ts';
import type { ImportClaim, LinkRow, LinkStore } from './store.ts';

/** In order; the file remembers in `user_version` how many it has had. */
const MIGRATIONS = [
  `CREATE TABLE links (
     user_id     TEXT NOT NULL,
     provider    TEXT NOT NULL,
     external_id TEXT NOT NULL,
     key_id      TEXT,
     sealed      BLOB,
     PRIMARY KEY (user_id, provider),
     UNIQUE (provider, external_id),
     CHECK ((key_id IS NULL) = (sealed IS NULL))
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX links_by_key ON links (key_id) WHERE key_id IS NOT NULL;`,
];

/** How long a statement may block this thread on another process's write, and for how long it is repeated. */
const BLOCK_MS = 50;
const BUSY_MS = 5_000;

const COLUMNS = 'user_id, provider, external_id, key_id, sealed';

/** Links in one file, or in memory (`:memory:`). For one machine: other processes on it may share the file. */
export function openSqliteStore(path: string): LinkStore {
  const inMemory = path === ':memory:';
  if (!inMemory) createFile(path);
  let connection = connect(path);
  let importing = false;

  /**
   * A database whose file was removed or replaced goes on answering from the old one. That would be a wrong
   * answer: no file is an error, another file is opened anew.
   */
  function live(): Connection {
    if (inMemory || inodeOf(path) === connection.inode) return connection;
    const fresh = connect(path);
    connection.db.close();
    return (connection = fresh);
  }

  function transaction<T>(work: (connection: Connection) => T): Promise<T> {
    return untilNotBusy(() => {
      const current = live();
      current.db.exec('BEGIN IMMEDIATE');
      try {
        const result = work(current);
        current.db.exec('COMMIT');
        return result;
      } catch (error) {
        if (current.db.isTransaction) current.db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  return {
    async prepare() {
      // Switching to write-ahead logging, once in the life of a file, needs it for itself.
      if (!inMemory) await untilNotBusy(() => live().db.exec('PRAGMA journal_mode = WAL'));
      await transaction(({ db }) => {
        const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
        if (version > MIGRATIONS.length) {
          throw new LinksSetupError('The links file was written by a newer version of this product.');
        }
        for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
        db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
      });
    },
    of: (userIds) =>
      untilNotBusy(() =>
        live()
          .statement(
            `SELECT ${COLUMNS} FROM links
             WHERE user_id IN (SELECT value FROM json_each(?)) ORDER BY user_id, provider`,
          )
          .all(JSON.stringify(userIds))
          .map(rowOf),
      ),
    usersOf: (provider, externalIds) =>
      untilNotBusy(() =>
        live()
          .statement(
            `SELECT user_id, provider, external_id FROM links
             WHERE provider = ? AND external_id IN (SELECT value FROM json_each(?))`,
          )
          .all(provider, JSON.stringify(externalIds))
          .map(ownerOf),
      ),
    page: (after, limit, provider) =>
      untilNotBusy(() =>
        live()
          .statement(
            `SELECT ${COLUMNS} FROM links
             WHERE (user_id, provider) > (?, ?) AND provider = coalesce(?, provider)
             ORDER BY user_id, provider LIMIT ?`,
          )
          .all(after?.userId ?? '', after?.provider ?? '', provider, limit)
          .map(rowOf),
      ),
    remove: (userId, provider) =>
      untilNotBusy(() =>
        Number(
          live()
            .statement('DELETE FROM links WHERE user_id = ? AND provider = coalesce(?, provider)')
            .run(userId, provider ?? null).changes,
        ),
      ),
    sealedWith: (keyId, limit) =>
      untilNotBusy(() =>
        live()
          .statement(`SELECT ${COLUMNS} FROM links WHERE key_id = ? LIMIT ?`)
          .all(keyId, limit)
          .map(rowOf),
      ),
    nextKeyId: (after) =>
      untilNotBusy(() => {
        const row = live()
          .statement('SELECT key_id FROM links WHERE key_id > ? ORDER BY key_id LIMIT 1')
          .get(after);
        return row ? String(row['key_id']) : null;
      }),
    reseal: (changes) =>
      transaction((current) => {
        const update = current.statement(
          'UPDATE links SET key_id = ?, sealed = ? WHERE user_id = ? AND provider = ? AND sealed = ?',
        );
        for (const { row, sealed } of changes) {
          update.run(sealed.keyId, sealed.bytes, row.userId, row.provider, row.sealed?.bytes ?? null);
        }
      }),
    async claimImport(): Promise<ImportClaim | null> {
      if (importing) return null;
      const lock = inMemory ? null : lockFile(`${path}.import.db`);
      if (lock === 'taken') return null;
      importing = true;
      return {
        replace: (rows) =>
          transaction((current) => {
            const remove = current.statement('DELETE FROM links WHERE user_id = ? AND provider = ?');
            const add = current.statement(`INSERT INTO links (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`);
            for (const row of rows) remove.run(row.userId, row.provider);
            for (const row of rows) {
              add.run(
                row.userId,
                row.provider,
                row.externalId,
                row.sealed?.keyId ?? null,
                row.sealed?.bytes ?? null,
              );
            }
          }),
        async release() {
          importing = false;
          lock?.close();
        },
      };
    },
    reasonOf: (error) => {
      const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown };
      return typeof errcode === 'number' ? `SQLITE_${errcode}` : typeof code === 'string' ? code : 'UNKNOWN';
    },
    async close() {
      connection.db.close();
    },
  };
}

type Statement = ReturnType<DatabaseSync['prepare']>;

interface Connection {
  readonly db: DatabaseSync;
  readonly inode: number | undefined;
  /** Prepared once per text. */
  statement(sql: string): Statement;
}

function connect(path: string): Connection {
  // mode=rw: a file that is gone must not come back empty, which would say that nobody is linked.
  const location = path === ':memory:' ? path : `${pathToFileURL(path).href}?mode=rw`;
  const db = new DatabaseSync(location, { timeout: BLOCK_MS });
  // What is deleted is overwritten, and a removal survives a power cut.
  db.exec('PRAGMA secure_delete = ON; PRAGMA synchronous = FULL');
  const statements = new Map<string, Statement>();
  return {
    db,
    inode: path === ':memory:' ? undefined : inodeOf(path),
    statement(sql) {
      const known = statements.get(sql);
      if (known) return known;
      const prepared = db.prepare(sql);
      statements.set(sql, prepared);
      return prepared;
    },
  };
}

function inodeOf(path: string): number {
  return statSync(path).ino;
}

/** Only its owner may read the file: it says who is who in four systems. */
function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new LinksSetupError(`The links file of LINKS_URL cannot be opened for writing (${code}).`);
  }
}

/** A lock that the operating system gives back when its process dies, however it dies. */
function lockFile(path: string): DatabaseSync | 'taken' {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (isBusy(error)) return 'taken';
    throw error;
  }
}

/** Waits for another process's write between short attempts, so that this process goes on serving meanwhile. */
async function untilNotBusy<T>(work: () => T): Promise<T> {
  const giveUpAt = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error;
      await sleep(20);
    }
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  // The low byte of an extended result code is the code itself.
  const errcode = (error as { errcode?: unknown } | null)?.errcode;
  return typeof errcode === 'number' && (errcode & 0xff) === SQLITE_BUSY;
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
  return {
    ...ownerOf(row),
    sealed: keyId === null ? null : { keyId, bytes: row['sealed'] as Uint8Array },
  };
}
