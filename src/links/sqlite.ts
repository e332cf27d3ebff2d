import type { Soon } from '../loading/soon.ts';
import { LinksSetupError } from './link.ts';
import {
  createSqliteFile,
  inTransaction,
  isBusy,
  isTaken,
  lockFile,
  openSqliteFile,
  resultCodeOf,
  type SqliteFile,
  untilNotBusy,
} from './sqlite-file.ts';
import { ownerOf, rowOf, SQL, valuesOf } from './sqlite-statements.ts';
import type { LinkStore, Reseal } from './store.ts';

const LOOK_AGAIN_MS = 100;

/** How a file is opened. */
export interface SqliteOptions {
  now?: () => number;
  /** Not to make the file where there is none: nobody would be linked. */
  mustExist?: boolean;
}

/** Links in one file, or in memory (`:memory:`). For one machine: several processes on it may share the file. */
export function openSqliteStore(
  path: string,
  { now = () => performance.now(), mustExist = false }: SqliteOptions = {},
): LinkStore {
  let file: SqliteFile | null = null;
  let lookAgainAt = 0;
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

  /** For look-ups, of which looking at the file each time would be a third; what they find is remembered for longer. */
  function recent(): SqliteFile {
    if (file && now() < lookAgainAt) return file;
    const looked = current();
    lookAgainAt = now() + LOOK_AGAIN_MS;
    return looked;
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

  const ask = async <T>(work: (file: SqliteFile) => T): Promise<T> => untilNotBusy(() => work(current()));
  const lookUp = <T>(work: (file: SqliteFile) => T): Soon<T> => untilNotBusy(() => work(recent()));
  const change = <T>(work: (file: SqliteFile) => T): Promise<T> =>
    ask((open) => inTransaction(open.db, () => work(open)));

  return {
    isRemote: false,
    async prepare() {
      try {
        if (path !== ':memory:' && !mustExist) createSqliteFile(path);
        await ask(() => undefined);
      } catch (error) {
        if (error instanceof LinksSetupError || isBusy(error)) throw error;
        if (mustExist && codeOf(error) === 'ENOENT')
          throw new LinksSetupError(
            'There is no file at LINKS_URL. If it was lost, put it back; the first import makes one.',
          );
        throw new LinksSetupError(`The file of LINKS_URL cannot be used for the links (${codeOf(error)}).`);
      }
    },
    of: (userIds, provider) =>
      lookUp((open) => {
        const [only] = userIds;
        const isOne = only !== undefined && userIds.length === 1;
        const users = isOne ? only : JSON.stringify(userIds);
        const rows =
          provider === undefined
            ? open.all(isOne ? SQL.ofOne : SQL.of, users)
            : open.all(isOne ? SQL.ofOneAt : SQL.ofAt, users, provider);
        return rows.map(rowOf);
      }),
    usersOf: (provider, externalIds) =>
      lookUp((open) => open.all(SQL.usersOf, provider, JSON.stringify(externalIds)).map(ownerOf)),
    page: (after, limit, provider) =>
      ask((open) =>
        open.all(SQL.page, after?.userId ?? '', after?.provider ?? '', provider, limit).map(rowOf),
      ),
    put: (row) =>
      ask((open) => {
        try {
          open.statement(SQL.put).run(...valuesOf(row));
        } catch (error) {
          if (isTaken(error)) return false;
          throw error;
        }
        open.emptyLog(); // of the row whose place it took
        return true;
      }),
    remove: (userId, provider) =>
      ask((open) => {
        const { changes } = open.statement(SQL.remove).run(userId, provider ?? null);
        open.emptyLog();
        return Number(changes);
      }),
    keyIds: () => ask((open) => open.all(SQL.keyIds).map(([id]) => String(id))),
    sealedWith: (keyId, limit) =>
      ask((open) => open.all(SQL.sealedWith, keyId, limit).map(rowOf) as Reseal['row'][]),
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
              for (const row of rows) add.run(...valuesOf(row));
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
