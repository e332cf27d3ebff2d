import type { Cipher } from './cipher.ts';
import type { LinksLog } from './guarded-store.ts';
import { type Linkable, LinksSetupError } from './link.ts';
import { openSqliteStore, type SqliteOptions } from './sqlite.ts';
import type { LinkStore } from './store.ts';

export interface LinksSettings {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. */
  readonly url: string;
  /** 32 bytes each: the first encrypts, all decrypt. Without one, secrets can neither be imported nor read. */
  readonly keys: readonly Buffer[];
  readonly linkable: Linkable;
  readonly log: LinksLog;
  /**
   * What is insisted on when they are opened: that every key in use is configured and no row is of an earlier version
   * (`all`, unless said otherwise), the keys alone, or, for work that opens no row, nothing.
   */
  readonly demand?: 'all' | 'keys' | 'nothing';
  /** Only for work on links that there are: a file that is gone stays gone, instead of coming back empty. */
  readonly mustExist?: boolean;
  /** How many connections to PostgreSQL this process may have. */
  readonly connections?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** The store that a URL names. Throws LinksSetupError when it names none. */
export async function openStore(
  url: string,
  connections: number,
  options: SqliteOptions,
): Promise<LinkStore> {
  if (/^postgres(ql)?:\/\//.test(url)) {
    // Not loaded by those who have a file.
    const { openPostgresStore } = await import('./postgres.ts');
    return openPostgresStore(url, connections);
  }
  const [, path] = /^sqlite:(.+)$/.exec(url) ?? [];
  if (path?.startsWith('//'))
    throw new LinksSetupError(
      'LINKS_URL is sqlite: and the path of a file without slashes between them, such as sqlite:links.db or sqlite:/data/links.db.',
    );
  if (path !== undefined) return openSqliteStore(path, options);
  throw new LinksSetupError('LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…');
}

/** The store, which is not prepared before what is demanded of it holds. */
export function demanding(
  demand: NonNullable<LinksSettings['demand']>,
  store: LinkStore,
  cipher: Cipher,
): LinkStore {
  if (demand === 'nothing') return store;
  return {
    ...store,
    async prepare() {
      await store.prepare();
      await demandKeys(store, cipher);
      if (demand === 'all' && (await store.isOfEarlierVersion()))
        throw new LinksSetupError(
          'The links were written by an earlier version, which did not seal all of them: look at them with ' +
            'npm run links -- list, then vouch for them with npm run links -- seal. This is asked for once; ' +
            'if it was done before, somebody has altered the database: docs/operations-links.md, “Sealing”.',
        );
    },
  };
}

/** Throws when something is sealed with a key that is not there. */
export async function demandKeys(store: Pick<LinkStore, 'keyIds'>, cipher: Cipher): Promise<void> {
  const missing = (await store.keyIds()).filter((id) => id !== null && !cipher.knows(id));
  if (missing.length === 0) return;
  throw new LinksSetupError(
    `Stored links are sealed with keys that LINKS_ENCRYPTION_KEY does not hold (ids ${missing.join(', ')}). ` +
      'Add those keys after the current one. If they are lost: docs/operations-links.md, “A lost key”.',
  );
}
