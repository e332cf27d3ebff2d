import type { Logger } from 'pino';
import { LinksSetupError, LinksUnavailableError } from './link.ts';
import type { LinkStore } from './store.ts';

export type LinksLog = Pick<Logger, 'info' | 'error'>;

/** While the store is down, one call in this time finds out whether it still is; the others fail at once. */
const PROBE_MS = 500;

/**
 * The same store, whose methods reject with LinksUnavailableError only. An outage is logged once when it begins
 * and once when it is over, and requests do not queue for a store that is down. `prepare` rejects with
 * LinksSetupError as well; where it could not be done, the first call that reaches the store does it.
 */
export function guardStore(store: LinkStore, log: LinksLog, now: () => number): LinkStore {
  let outage: { readonly code: string; readonly since: number; nextProbe: number } | null = null;
  let prepared = false;

  async function prepare(): Promise<void> {
    await store.prepare();
    prepared = true;
  }

  function begin(error: unknown): LinksUnavailableError {
    const setup = error instanceof LinksSetupError;
    const code = setup ? 'SETUP' : store.codeOf(error);
    if (!outage || (setup && outage.code !== code)) {
      outage = { code, since: now(), nextProbe: now() + PROBE_MS };
      log.error(
        { code, ...(setup && { todo: error.message }) },
        'the links store does not answer: linked data is unavailable until it does',
      );
    }
    return new LinksUnavailableError(code);
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      if (!prepared) await prepare();
      const result = await work();
      if (outage) log.info({ downForMs: Math.round(now() - outage.since) }, 'the links store answers again');
      outage = null;
      return result;
    } catch (error) {
      throw begin(error);
    }
  }

  function read<T>(work: () => Promise<T>): Promise<T> {
    if (outage) {
      if (now() < outage.nextProbe) return Promise.reject(new LinksUnavailableError(outage.code));
      outage.nextProbe = now() + PROBE_MS;
    }
    return attempt(work);
  }

  return {
    isRemote: store.isRemote,
    prepare: () =>
      prepare().catch((error: unknown) => {
        throw error instanceof LinksSetupError ? error : begin(error);
      }),
    of: (userIds) => read(() => store.of(userIds)),
    usersOf: (provider, externalIds) => read(() => store.usersOf(provider, externalIds)),
    page: (after, limit, provider) => read(() => store.page(after, limit, provider)),
    sealedWith: (keyId, limit) => read(() => store.sealedWith(keyId, limit)),
    keyIds: () => read(() => store.keyIds()),
    // Writes are few, and worth an attempt even when the last call failed.
    remove: (userId, provider) => attempt(() => store.remove(userId, provider)),
    reseal: (changes) => attempt(() => store.reseal(changes)),
    claimImport: async () => {
      const claim = await attempt(() => store.claimImport());
      return claim && { ...claim, replace: (rows, replaced) => attempt(() => claim.replace(rows, replaced)) };
    },
    codeOf: store.codeOf,
    close: () => store.close(),
  };
}
