import type { Soon } from '../loading/soon.ts';
import { LinksSetupError } from './link.ts';
import {
  createSqliteFile,
  endUnsealed,
  inTransaction,
  isUnsealed,
  openSqliteFile,
  type SqliteFile,
  TEMPORARY,
} from './sqlite-file.ts';
import { isBusy, isTaken, resultCodeOf, untilNotBusy } from './sqlite-busy.ts';
import { rowOf, SQL, valuesOf } from './sqlite-statements.ts';
import { accountsBeside, type LinkStore } from './store.ts';

export { TEMPORARY } from './sqlite-file.ts';

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
  const isNamed = path !== ':memory:' && path !== TEMPORARY;
  let file: SqliteFile | null = null;
  let lookAgainAt = 0;

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

  const ask = async <T>(work: (file: SqliteFile) => T): Promise<T> => untilNotBusy(() => work(current()));
  const lookUp = <T>(work: (file: SqliteFile) => T): Soon<T> => untilNotBusy(() => work(recent()));
  const change = <T>(work: (file: SqliteFile) => T): Promise<T> =>
    ask((open) => inTransaction(open.db, () => work(open)));

  return {
    isRemote: false,
    async prepare() {
      try {
        if (isNamed && !mustExist) createSqliteFile(path);
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
    isOfEarlierVersion: () => ask((open) => isUnsealed(open.db)),
    endEarlierVersion: () => ask((open) => endUnsealed(open.db)),
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
    ofAccounts: (provider, externalIds) =>
      lookUp((open) => open.all(SQL.ofAccounts, provider, JSON.stringify(externalIds)).map(rowOf)),
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
    keyIds: () => ask((open) => open.all(SQL.keyIds).map(([id]) => id as string | null)),
    replace: (changes) =>
      change((open) => {
        const update = open.statement(SQL.replace);
        for (const { was, row } of changes) {
          const { userId, provider, externalId } = was;
          update.run(...valuesOf(row).slice(2), userId, provider, externalId, was.sealed?.bytes ?? null);
        }
      }),
    async importBatch({ userIds, accounts }, decide) {
      const open = current();
      try {
        inTransaction(open.db, () => {
          const stored = open.all(SQL.of, JSON.stringify(userIds)).map(rowOf);
          for (const [provider, ids] of accountsBeside(stored, accounts))
            stored.push(...open.all(SQL.ofAccounts, provider, JSON.stringify(ids)).map(rowOf));
          const { rows, replaced } = decide(stored);
          const remove = open.statement(SQL.remove);
          for (const { userId, provider } of replaced) remove.run(userId, provider);
          const add = open.statement(SQL.add);
          for (const row of rows) add.run(...valuesOf(row));
        });
        return true;
      } catch (error) {
        if (isBusy(error)) return false;
        throw error;
      }
    },
    markRejected: ({ userId, provider, sealed }) =>
      ask((open) => {
        const now = new Date().toISOString();
        open.statement(SQL.markRejected).run(now, userId, provider, sealed?.bytes ?? null);
      }),
    rejected: (after, limit) =>
      ask((open) =>
        open
          .all(SQL.rejected, after?.userId ?? '', after?.provider ?? '', limit)
          .map((row) => ({ row: rowOf(row), since: String(row.at(-1)) })),
      ),
    codeOf,
    moveTo(url) {
      if (url !== `sqlite:${path}`)
        throw new LinksSetupError('LINKS_URL names another place: that takes a restart.');
    },
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
