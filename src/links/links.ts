import { after, type Soon } from '../loading/soon.ts';
import { BriefMemory, type LookUp, withoutMemory } from './brief-memory.ts';
import { type Cipher, createCipher } from './cipher.ts';
import { guardStore, type LinksLog } from './guarded-store.ts';
import { importLinks, type ImportOptions, type ImportReport } from './import-links.ts';
import { type Link, type Linkable, LinksSetupError, LinksUnavailableError, USER_ID } from './link.ts';
import { checkedLink } from './link-line.ts';
import type { ByteSource } from './ndjson.ts';
import { OpenableLink, type StoredLink } from './openable-link.ts';
import { rotateKey } from './rotate-key.ts';
import { openSqliteStore, type SqliteOptions } from './sqlite.ts';
import type { LinkName, LinkRow, LinkStore } from './store.ts';

export { LinksSetupError, LinksUnavailableError, LinkSecretError, USER_ID } from './link.ts';
export type { Link, Linkable } from './link.ts';
export type { StoredLink } from './openable-link.ts';

/** Who is who: what requests need of the links. Every method fails with LinksUnavailableError while the store is down. */
export interface Links {
  /**
   * The links of these users, in one statement. Users without links, and texts that are no user ids, are absent.
   * When one provider is named, links at others may be left out, and so may users who have none there.
   */
  of(userIds: readonly string[], provider?: string): Soon<ReadonlyMap<string, readonly Link[]>>;
  /** External id → user id, in one statement. Accounts that nobody is linked to are absent. */
  usersOf(provider: string, externalIds: readonly string[]): Soon<ReadonlyMap<string, string>>;
  /** Whether both are answered by another process; at once, if not. */
  readonly isRemote: boolean;
  /**
   * Links an account to a user, in place of the one that they have at this provider. Whoever calls this has proof that
   * the account is theirs. 'taken': it is linked to somebody else, and nothing was changed. Rejects with
   * LinksSetupError where there is no key to seal the secret with.
   */
  link(link: NewLink): Promise<'linked' | 'taken'>;
  /** Removes a user's link at one provider; whether there was one. May be repeated. */
  unlink(userId: string, provider: string): Promise<boolean>;
  /** Forgets a user; returns how many links there were. May be repeated. */
  removeAll(userId: string): Promise<number>;
  close(): Promise<void>;
}

/** An account to be linked. What does not fit the provider's form is a defect of the caller. */
export interface NewLink {
  readonly userId: string;
  readonly provider: string;
  readonly externalId: string;
  /** The person's own key at the provider, null where it takes none. */
  readonly secret: string | null;
}

/** What operating the links needs on top. */
export interface LinksAdmin extends Links {
  /** Applies NDJSON lines, after any import that is under way. */
  import(source: ByteSource, options?: ImportOptions): Promise<ImportReport>;
  /** Every link (of one user, at one provider) in the order of user and provider, read page by page. */
  all(filter?: LinkFilter): AsyncIterable<StoredLink>;
  /** Removes a user's links, or the one at a provider; returns how many there were. */
  remove(userId: string, provider?: string): Promise<number>;
  /** Seals every secret with the first key; returns how many were not. Stopped and started again, it goes on. */
  rotateKey(onProgress?: (resealed: number) => void): Promise<number>;
}

export interface LinkFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
}

export interface LinksSettings {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. */
  readonly url: string;
  /** 32 bytes each: the first encrypts, all decrypt. Without one, secrets can neither be imported nor read. */
  readonly keys: readonly Buffer[];
  readonly linkable: Linkable;
  readonly log: LinksLog;
  /** Only for work that opens no secret: do not insist on having the keys of all that is stored. */
  readonly withoutKeys?: boolean;
  /** Only for work on links that there are: a file that is gone stays gone, instead of coming back empty. */
  readonly mustExist?: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

const PAGE = 1_000;

/**
 * Opens the links: brings their schema up to date, and makes sure that every key in use is configured.
 * Rejects with LinksSetupError when a setting is wrong. A store that is merely down is no reason to reject:
 * the links say so when they are asked, until it is up.
 */
export async function openLinks(settings: LinksSettings): Promise<LinksAdmin> {
  const { linkable, log, mustExist = false, now = () => performance.now() } = settings;
  const cipher = createCipher(settings.keys);
  const opener = reporting(cipher, log);
  const opened = await openStore(settings.url, { mustExist, now });
  const store = guardStore(settings.withoutKeys ? opened : withKeyCheck(opened, cipher), log, now);

  function lookUp<T>(form: RegExp, fetch: LookUp<T>['fetch']) {
    return store.isRemote ? new BriefMemory({ form, fetch, now }) : withoutMemory({ form, fetch });
  }
  const byUser = lookUp<readonly Link[]>(USER_ID, (userIds, provider) =>
    after(store.of(userIds, provider), (rows) =>
      Map.groupBy(
        rows.map((row) => new OpenableLink(row, opener)),
        (link) => link.userId,
      ),
    ),
  );
  const byAccount = new Map(
    Object.entries(linkable).map(([provider, { externalId: form }]) => {
      const usersOf = lookUp<string>(form, (ids) =>
        after(
          store.usersOf(provider, ids),
          (owners) => new Map(owners.map((owner) => [owner.externalId, owner.userId])),
        ),
      );
      return [provider, usersOf] as const;
    }),
  );
  function forget(): void {
    byUser.forget();
    for (const memory of byAccount.values()) memory.forget();
  }

  async function remove(userId: string, provider?: string): Promise<number> {
    if (!USER_ID.test(userId)) return 0;
    try {
      const removed = await store.remove(userId, provider);
      log.info({ userId, provider, removed }, 'links removed'); // after restoring a backup, who to forget again
      return removed;
    } finally {
      forget(); // after a failure too: the store may have done it before its answer was lost
    }
  }

  async function link(given: NewLink): Promise<'linked' | 'taken'> {
    const { userId, provider, externalId, secret } = checkedLink(given, linkable);
    const owner = { userId, provider, externalId };
    const sealed = typeof secret === 'string' ? cipher.seal(secret, owner) : null;
    try {
      const outcome = (await store.put({ ...owner, sealed })) ? 'linked' : 'taken';
      log.info({ userId, provider, outcome }, 'account linked by its person');
      return outcome;
    } finally {
      forget();
    }
  }

  try {
    await store.prepare();
  } catch (error) {
    if (!(error instanceof LinksUnavailableError)) {
      await store.close();
      throw error;
    }
  }

  return {
    of: (userIds, provider) => byUser.get(userIds, provider),
    isRemote: store.isRemote,
    usersOf(provider, externalIds) {
      const memory = byAccount.get(provider);
      if (!memory) throw new Error(`No accounts are linked at ${provider}.`);
      return memory.get(externalIds);
    },

    link,
    unlink: async (userId, provider) => (await remove(userId, provider)) > 0,
    removeAll: (userId) => remove(userId),
    remove,

    import: (source, options = {}) =>
      importLinks(source, { store, cipher, linkable }, options).finally(forget),
    rotateKey: (onProgress) => rotateKey(store, cipher, onProgress),

    async *all({ userId, provider } = {}) {
      let last: LinkName | null = null;
      for (;;) {
        const rows: LinkRow[] =
          userId === undefined ? await store.page(last, PAGE, provider ?? null) : await store.of([userId]);
        for (const row of rows) {
          if (provider === undefined || row.provider === provider) yield new OpenableLink(row, opener);
        }
        last = rows.at(-1) ?? null;
        if (userId !== undefined || rows.length < PAGE) return;
      }
    },

    close: () => store.close(),
  };
}

async function openStore(url: string, options: SqliteOptions): Promise<LinkStore> {
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) {
    // Not loaded by those who have a file.
    const { openPostgresStore } = await import('./postgres.ts');
    return openPostgresStore(url);
  }
  if (/^sqlite:./.test(url)) return openSqliteStore(url.slice('sqlite:'.length), options);
  throw new LinksSetupError('LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…');
}

/** A secret that cannot be opened is for the operators to repair: whoever asked can only be told that it failed. */
function reporting(cipher: Cipher, log: LinksLog): Pick<Cipher, 'open'> {
  return {
    open(sealed, owner) {
      try {
        return cipher.open(sealed, owner);
      } catch (error) {
        log.error({ err: error }, 'a stored secret cannot be opened: import it anew');
        throw error;
      }
    },
  };
}

/** An id is derived from its key, so that a known id means the right key. */
function withKeyCheck(store: LinkStore, cipher: Cipher): LinkStore {
  return {
    ...store,
    async prepare() {
      await store.prepare();
      const missing = (await store.keyIds()).filter((id) => !cipher.knows(id));
      if (missing.length === 0) return;
      throw new LinksSetupError(
        `Stored secrets are sealed with keys that LINKS_ENCRYPTION_KEY does not hold (ids ${missing.join(', ')}). ` +
          'Add those keys after the current one. If they are lost: docs/operations-links.md, “A lost key”.',
      );
    },
  };
}
