import { after, type Soon } from '../loading/soon.ts';
import { BriefMemory, type LookUp, withoutMemory } from './brief-memory.ts';
import { type Cipher, createCipher } from './cipher.ts';
import { guardStore, type LinksLog } from './guarded-store.ts';
import { importLinks, type ImportOptions, type ImportReport } from './import-links.ts';
import { type Link, type Linkable, LinksSetupError, LinksUnavailableError, USER_ID } from './link.ts';
import { checkedLink } from './link-line.ts';
import type { ByteSource } from './ndjson.ts';
import type { LinkRow } from './link-row.ts';
import { openerOf, OpenableLink } from './openable-link.ts';
import { rehearse } from './rehearsal.ts';
import { rotateKey, sealEarlierRows, verifyRows, type WalkOptions } from './reseal.ts';
import { openSqliteStore, type SqliteOptions } from './sqlite.ts';
import type { ImportTarget, LinkName, LinkStore } from './store.ts';

export { LinksSetupError, LinksUnavailableError, LinkSealError, USER_ID } from './link.ts';
export type { Link, Linkable } from './link.ts';

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
  /** Remembers for the operators that the provider has refused the secret of this link; `of` has given it. */
  secretRejected(link: Link): Promise<void>;
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
  /**
   * Goes on with other keys, and with a database's other address: with another password, say. Rejects with
   * LinksSetupError, and changes nothing, when a key is missing that is still in use, or the file would be another.
   */
  renew(settings: Pick<LinksSettings, 'url' | 'keys'>): Promise<void>;
  /** Applies NDJSON lines, between the batches of any import that is under way. */
  import(source: ByteSource, options?: ImportOptions): Promise<ImportReport>;
  /** Every row (of one user, at one provider) in the order of user and provider, read page by page, as it is stored. */
  rows(filter?: LinkFilter): AsyncIterable<LinkRow>;
  /** The rows whose secret the provider has refused, and since when (RFC 3339). */
  rejected(filter?: LinkFilter): AsyncIterable<{ readonly row: LinkRow; readonly since: string }>;
  /** The secret of a row. Throws LinkSealError when the row is not as it was written. */
  open(row: LinkRow): string | null;
  /** Removes a user's links, or the one at a provider; returns how many there were. */
  remove(userId: string, provider?: string): Promise<number>;
  /** Seals every row with the first key; returns how many were not. Stopped and started again, it goes on. */
  rotateKey(options?: WalkOptions): Promise<number>;
  /** Brings rows of an earlier version into today's form, as they are; returns how many. May be repeated. */
  seal(options?: WalkOptions): Promise<number>;
  /** Opens every row; returns how many there are. */
  verify(options?: WalkOptions): Promise<number>;
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

const PAGE = 1_000;

/**
 * Opens the links: brings their schema up to date, and makes sure that every key in use is configured.
 * Rejects with LinksSetupError when a setting is wrong. A store that is merely down is no reason to reject:
 * the links say so when they are asked, until it is up.
 */
export async function openLinks(settings: LinksSettings): Promise<LinksAdmin> {
  const { linkable, log, demand = 'all', connections = 5, mustExist = false } = settings;
  const { now = () => performance.now() } = settings;
  const cipher = createCipher(settings.keys);
  const opener = openerOf(cipher, log);
  const opened = await openStore(settings.url, connections, { mustExist, now });
  const store = guardStore(demanding(demand, opened, cipher), log, now);

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
          store.ofAccounts(provider, ids),
          (rows) =>
            new Map(
              rows
                .map((row) => new OpenableLink(row, opener))
                .filter((link) => link.isGenuine)
                .map((link) => [link.externalId, link.userId]),
            ),
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
    const account = { userId, provider, externalId };
    const sealed = cipher.seal(secret ?? null, account);
    try {
      const outcome = (await store.put({ ...account, sealed })) ? 'linked' : 'taken';
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
    async secretRejected(link) {
      await store.markRejected(OpenableLink.rowOf(link));
    },
    unlink: async (userId, provider) => (await remove(userId, provider)) > 0,
    removeAll: (userId) => remove(userId),
    remove,

    import(source, { dryRun = false, ...options } = {}) {
      const run = (target: ImportTarget) => importLinks(source, { store: target, cipher, linkable }, options);
      return (dryRun ? rehearse(store, run) : run(store)).finally(forget);
    },
    rotateKey: (options) => rotateKey(store, cipher, options),
    seal: (options) => sealEarlierRows(store, cipher, options),
    verify: (options) => verifyRows(store, cipher, options),
    open: (row) => cipher.open(row),

    async *rows({ userId, provider } = {}) {
      let last: LinkName | null = null;
      for (;;) {
        const rows: LinkRow[] =
          userId === undefined ? await store.page(last, PAGE, provider ?? null) : await store.of([userId]);
        for (const row of rows) if (provider === undefined || row.provider === provider) yield row;
        last = rows.at(-1) ?? null;
        if (userId !== undefined || rows.length < PAGE) return;
      }
    },
    async *rejected({ userId, provider } = {}) {
      let last: LinkName | null = null;
      for (;;) {
        const page = await store.rejected(last, PAGE);
        for (const { row, since } of page) {
          const isMeant =
            (userId === undefined || row.userId === userId) &&
            (provider === undefined || row.provider === provider);
          if (isMeant) yield { row, since };
        }
        last = page.at(-1)?.row ?? null;
        if (page.length < PAGE) return;
      }
    },

    async renew({ url, keys }) {
      await demandKeys(store, createCipher(keys));
      store.moveTo(url);
      cipher.renew(keys);
    },
    close: () => store.close(),
  };
}

async function openStore(url: string, connections: number, options: SqliteOptions): Promise<LinkStore> {
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
function demanding(
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
async function demandKeys(store: Pick<LinkStore, 'keyIds'>, cipher: Cipher): Promise<void> {
  const missing = (await store.keyIds()).filter((id) => id !== null && !cipher.knows(id));
  if (missing.length === 0) return;
  throw new LinksSetupError(
    `Stored links are sealed with keys that LINKS_ENCRYPTION_KEY does not hold (ids ${missing.join(', ')}). ` +
      'Add those keys after the current one. If they are lost: docs/operations-links.md, “A lost key”.',
  );
}
