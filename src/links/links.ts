import { after } from '../loading/soon.ts';
import { adminOf, type LinksAdmin } from './admin.ts';
import { BriefMemory, type LookUp, withoutMemory } from './brief-memory.ts';
import { createCipher } from './cipher.ts';
import { guardStore } from './guarded-store.ts';
import { type Link, LinksUnavailableError, type NewLink, USER_ID } from './link.ts';
import { checkedLink } from './link-line.ts';
import { demanding, type LinksSettings, openStore } from './open-store.ts';
import { openerOf, OpenableLink } from './openable-link.ts';

export type { LinkFilter, LinksAdmin } from './admin.ts';
export type { LinksSettings } from './open-store.ts';
export { canonicalId, LinksSetupError, LinksUnavailableError, LinkSealError, USER_ID } from './link.ts';
export type { Link, Linkable, Links, NewLink } from './link.ts';

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
    return store.isRemote ? new BriefMemory({ form, fetch, now }) : withoutMemory({ fetch });
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

    ...adminOf({ store, cipher, linkable, forget }),
    close: () => store.close(),
  };
}
