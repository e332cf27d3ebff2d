import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { watchAvailability, type LinksLog } from './availability.ts';
import { createCipher, type Cipher } from './cipher.ts';
import { importLinks, type ImportOptions, type ImportReport } from './import-links.ts';
import { LinksSetupError, USER_ID, type Link, type Linkable } from './link.ts';
import type { ByteSource } from './ndjson.ts';
import { openSqliteStore } from './sqlite.ts';
import type { LinkName, LinkRow, LinkStore } from './store.ts';

export { LinksSetupError, LinksUnavailableError, LinkSecretError } from './link.ts';
export type { Link, Linkable } from './link.ts';

/** Who is who: what requests need of the links. Every method rejects with LinksUnavailableError while the store is down. */
export interface Links {
  /** The links of these users, in one statement. Users without links, and ids that are no user ids, are absent. */
  of(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly Link[]>>;
  /** External id → user id, in one statement. Accounts that nobody is linked to are absent. */
  usersOf(provider: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Forgets a user; returns how many links there were. May be repeated. */
  removeAll(userId: string): Promise<number>;
  close(): Promise<void>;
}

/** What operating the links needs on top. */
export interface LinksAdmin extends Links {
  /** Applies NDJSON lines, waiting for another import to end first. See ImportOptions. */
  import(source: ByteSource, options?: ImportOptions): Promise<ImportReport>;
  /** Every link (of one user, at one provider) in the order of user and provider, page by page. */
  all(filter?: {
    readonly userId?: string | undefined;
    readonly provider?: string | undefined;
  }): AsyncIterable<Link>;
  /** Removes a user's links, or the one at a provider; returns how many there were. */
  remove(userId: string, provider?: string): Promise<number>;
  /** Seals every secret with the first key. Stopped and started again, it goes on where it was. */
  rotateKey(onProgress?: (resealed: number) => void): Promise<number>;
}

export interface LinksSettings {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. */
  readonly url: string;
  /** 32 bytes each: the first encrypts, all decrypt. */
  readonly keys: readonly Buffer[];
  readonly linkable: Linkable;
  readonly log: LinksLog;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** What another process changes is seen after this time at the latest. */
const CACHE_MS = 5_000;
const CACHE_ABSENCE_MS = 1_000;
const CACHE_ENTRIES = 10_000;
const PAGE = 1_000;

const NO_LINKS: readonly Link[] = [];

/**
 * Opens the links, brings their schema up to date and makes sure that the keys open what is stored.
 * Rejects with LinksSetupError when a setting is wrong. A PostgreSQL that is down is no reason to
 * reject: the links then say so until it is up.
 */
export async function openLinks(settings: LinksSettings): Promise<LinksAdmin> {
  const { linkable, log, now = () => performance.now() } = settings;
  const store = await openStore(settings.url);
  const cipher = createCipher(settings.keys);
  const guarded = watchAvailability(store.reasonOf, log, now);
  const clock = { perf: { now } };
  const byUser = new LRUCache<string, readonly Link[]>({ max: CACHE_ENTRIES, ttl: CACHE_MS, ...clock });
  const byAccount = new LRUCache<string, string | false>({ max: CACHE_ENTRIES, ttl: CACHE_MS, ...clock });
  let writes = 0; // a look-up that began before a write must not fill the cache after it

  function forget(): void {
    writes += 1;
    byUser.clear();
    byAccount.clear();
  }

  let prepared: Promise<void> | null = null;
  function prepare(): Promise<void> {
    prepared ??= store
      .prepare()
      .then(() => checkKeys(store, cipher))
      .catch((error: unknown) => {
        prepared = null;
        throw error;
      });
    return prepared;
  }

  const ask = <T>(work: () => Promise<T>, insist?: 'insist'): Promise<T> =>
    guarded(async () => {
      await prepare();
      return work();
    }, insist);

  async function remove(userId: string, provider?: string): Promise<number> {
    if (!USER_ID.test(userId)) return 0;
    try {
      return await ask(() => store.remove(userId, provider), 'insist');
    } finally {
      forget(); // also after a failure: the store may have done it before the answer was lost
    }
  }

  const links: LinksAdmin = {
    async of(userIds) {
      const found = new Map<string, readonly Link[]>();
      const unknown = new Set<string>();
      for (const id of userIds) {
        const cached = byUser.get(id);
        if (cached === undefined) unknown.add(id);
        else if (cached.length > 0) found.set(id, cached);
      }
      const asked = [...unknown].filter((id) => USER_ID.test(id));
      if (asked.length === 0) return found;

      const before = writes;
      const rows = Map.groupBy(await ask(() => store.of(asked)), (row) => row.userId);
      for (const id of asked) {
        const theirs = rows.get(id)?.map((row) => linkOf(row, cipher)) ?? NO_LINKS;
        if (theirs.length > 0) found.set(id, theirs);
        if (writes === before)
          byUser.set(id, theirs, { ttl: theirs.length > 0 ? CACHE_MS : CACHE_ABSENCE_MS });
      }
      return found;
    },

    async usersOf(provider, externalIds) {
      const rules = linkable[provider];
      if (!rules) throw new Error(`No accounts are linked at ${provider}.`);
      const found = new Map<string, string>();
      const unknown = new Set<string>();
      for (const id of externalIds) {
        const cached = byAccount.get(`${provider} ${id}`);
        if (cached === undefined) unknown.add(id);
        else if (cached) found.set(id, cached);
      }
      const asked = [...unknown].filter((id) => rules.externalId.test(id));
      if (asked.length === 0) return found;

      const before = writes;
      for (const owner of await ask(() => store.usersOf(provider, asked)))
        found.set(owner.externalId, owner.userId);
      if (writes === before) {
        for (const id of asked) {
          const userId = found.get(id) ?? false;
          byAccount.set(`${provider} ${id}`, userId, { ttl: userId ? CACHE_MS : CACHE_ABSENCE_MS });
        }
      }
      return found;
    },

    removeAll: (userId) => remove(userId),
    remove,

    async import(source, options = {}) {
      const claim = await ask(async () => {
        for (let waiting = false; ; waiting = true) {
          const claimed = await store.claimImport();
          if (claimed) return claimed;
          if (!waiting) options.onWaiting?.();
          await sleep(200);
        }
      });
      try {
        return await importLinks(source, { store, claim, cipher, linkable }, options);
      } finally {
        forget();
        await claim.release();
      }
    },

    async *all({ userId, provider } = {}) {
      if (userId !== undefined) {
        for (const link of (await links.of([userId])).get(userId) ?? NO_LINKS) {
          if (provider === undefined || link.provider === provider) yield link;
        }
        return;
      }
      let last: LinkName | null = null;
      for (;;) {
        const rows: LinkRow[] = await ask(() => store.page(last, PAGE, provider ?? null));
        for (const row of rows) yield linkOf(row, cipher);
        if (rows.length < PAGE) return;
        last = rows.at(-1) ?? null;
      }
    },

    async rotateKey(onProgress) {
      let resealed = 0;
      for (const keyId of await ask(() => keyIdsOf(store))) {
        if (keyId === cipher.keyId) continue;
        for (;;) {
          const rows = await ask(() => store.sealedWith(keyId, PAGE));
          if (rows.length === 0) break;
          const changes = rows.flatMap((row) =>
            row.sealed ? [{ row, sealed: cipher.seal(cipher.open(row.sealed, row), row) }] : [],
          );
          await ask(() => store.reseal(changes));
          resealed += changes.length;
          onProgress?.(resealed);
        }
      }
      forget();
      return resealed;
    },

    close: () => store.close(),
  };

  try {
    await prepare();
  } catch (error) {
    if (error instanceof LinksSetupError) {
      await store.close();
      throw error;
    }
    await ask(async () => undefined).catch(() => undefined); // says so in the log, unless it is back already
  }
  return links;
}

async function openStore(url: string): Promise<LinkStore> {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length)
    return openSqliteStore(url.slice('sqlite:'.length));
  throw new LinksSetupError('LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…');
}

function linkOf(row: LinkRow, cipher: Cipher): Link {
  const { userId, provider, externalId, sealed } = row;
  return Object.defineProperty({ userId, provider, externalId, secret: null as string | null }, 'secret', {
    get: () => sealed && cipher.open(sealed, row),
    enumerable: false,
  });
}

async function keyIdsOf(store: LinkStore): Promise<string[]> {
  const ids: string[] = [];
  for (let id = await store.nextKeyId(''); id !== null; id = await store.nextKeyId(id)) ids.push(id);
  return ids;
}

/** Every key in use is configured. An id is derived from its key, so a known id means the right key. */
async function checkKeys(store: LinkStore, cipher: Cipher): Promise<void> {
  const missing = (await keyIdsOf(store)).filter((id) => !cipher.knows(id));
  if (missing.length === 0) return;
  throw new LinksSetupError(
    `Stored secrets were sealed with keys that LINKS_ENCRYPTION_KEY does not hold (ids ${missing.join(', ')}). ` +
      'Add them after the current one; without them those secrets are lost and must be imported again.',
  );
}
