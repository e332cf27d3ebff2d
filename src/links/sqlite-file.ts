import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { LinksSetupError } from './link.ts';
import { hasStaleLog } from './stale-log.ts';

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
   ) STRICT;
   CREATE INDEX links_by_key ON links (key_id) WHERE key_id IS NOT NULL;`,
  `ALTER TABLE links ADD COLUMN rejected_at TEXT;
   DROP INDEX links_by_key;
   CREATE INDEX links_by_key ON links (key_id);`,
];

/** The last version whose rows were not sealed as a whole. A file with rows leaves it only when they are. */
const UNSEALED_VERSION = 1;

/** A path that stands for a file without a name, which is gone with its process. */
export const TEMPORARY = '';

/** How long a statement may block this thread on another process's write; then it is repeated (`untilNotBusy`). */
const BLOCK_MS = 50;

/** The values of a row's columns, in their order: an object for each row costs a look-up a tenth more. */
export type SqlRow = readonly SQLOutputValue[];
type Statement = ReturnType<DatabaseSync['prepare']>;

/** A database that is ready for statements, each of which is prepared once per text. */
export interface SqliteFile {
  readonly db: DatabaseSync;
  statement(sql: string): Statement;
  /** The rows that a query answers. */
  all(sql: string, ...values: SQLInputValue[]): SqlRow[];
  /**
   * Brings what was written, and overwritten, from the log of writes into the file, and empties the log. If it cannot
   * be done now, because somebody reads what is older, it is done when it is next asked for, or by the last to close.
   */
  emptyLog(): void;
  /** False once the path names another file, or none: this one must then not be asked any more. */
  isCurrent(): boolean;
}

/** Opens a database that exists, or one in memory (`:memory:`), and brings its schema up to date. */
export function openSqliteFile(path: string): SqliteFile {
  const isNamed = path !== ':memory:' && path !== TEMPORARY;
  if (isNamed) {
    if (hasStaleLog(path))
      throw new LinksSetupError(
        `${path} was put here beside the log of writes of another file, ${path}-wal, which would undo it. ` +
          `Move that log away if the file was restored by hand (npm run links -- restore needs no such care); ` +
          `if it was not, the log has writes that are not lost: touch ${path}-wal.`,
      );
    keepFromOthers(path);
  }
  const inode = isNamed ? statSync(path).ino : 0;
  // mode=rw: a file that is gone must not come back empty, which would say that nobody is linked.
  const db = new DatabaseSync(isNamed ? `${pathToFileURL(path).href}?mode=rw` : path, { timeout: BLOCK_MS });
  try {
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;          -- a removal survives a power cut
      PRAGMA secure_delete = ON;          -- and what was removed is overwritten, once it is checkpointed
      PRAGMA cache_size = -32000;         -- KiB: an import touches pages all over the indexes,
      PRAGMA wal_autocheckpoint = 10000;  -- and writes each of them once instead of many times`);
    migrate(db);
  } catch (error) {
    db.close();
    throw error;
  }
  const statements = new Map<string, Statement>();
  function statement(sql: string): Statement {
    const known = statements.get(sql);
    if (known) return known;
    const prepared = db.prepare(sql);
    prepared.setReturnArrays(true);
    statements.set(sql, prepared);
    return prepared;
  }
  return {
    db,
    statement,
    all: (sql, ...values) => statement(sql).all(...values) as unknown as SqlRow[],
    emptyLog() {
      try {
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // What is in the log is safe there.
      }
    },
    isCurrent: () => !isNamed || statSync(path).ino === inode,
  };
}

/** Takes the rights of others on a file and its log away. Throws where they stay. */
function keepFromOthers(path: string): void {
  if (process.platform === 'win32') return; // where a mode says nothing of rights
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const mode = statSync(file, { throwIfNoEntry: file === path })?.mode ?? 0;
    if ((mode & 0o077) === 0) continue;
    try {
      chmodSync(file, 0o600);
    } catch {
      throw new LinksSetupError(
        `${file} can be read or written by others, and says who is who: let its owner run chmod 600 on it.`,
      );
    }
  }
}

/**
 * Makes an empty file where there is none. Only its owner may read it: it says who is who in four systems. Throws
 * LinksSetupError where there can be none.
 */
export function createSqliteFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new LinksSetupError(
      `The file of LINKS_URL cannot be used for the links: ${pathProblem(path, code)}.`,
    );
  }
}

/** Why there can be no file at a path, by the operating system's code. */
export function pathProblem(path: string, code: string): string {
  const why = PATH_PROBLEMS[code];
  const home = path.startsWith('~') ? '~ is not put in place of a folder here, and ' : '';
  return why === undefined ? code : `${home}${why} (${code})`;
}

const PATH_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist, and is not made',
  ENOTDIR: 'what should be its folder is a file',
  EISDIR: 'it is a folder; name a file in it',
  EACCES: 'this system user may not write there',
  EPERM: 'this system user may not write there',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  ENAMETOOLONG: 'its name is too long',
  EEXIST: 'there is a file already',
};

function migrate(db: DatabaseSync): void {
  inTransaction(db, () => {
    const version = versionOf(db);
    if (version > MIGRATIONS.length) {
      throw new LinksSetupError('The links were migrated by a newer version of this product: run that one.');
    }
    const hasUnsealedRows =
      version === UNSEALED_VERSION && db.prepare('SELECT 1 FROM links LIMIT 1').get() !== undefined;
    if (!hasUnsealedRows) migrateFrom(db, version);
  });
}

function migrateFrom(db: DatabaseSync, version: number): void {
  for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** Whether its rows are not sealed as a whole. */
export function isUnsealed(db: DatabaseSync): boolean {
  return versionOf(db) === UNSEALED_VERSION;
}

/** Says that its rows are sealed. */
export function endUnsealed(db: DatabaseSync): void {
  inTransaction(db, () => migrateFrom(db, versionOf(db)));
}

export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
