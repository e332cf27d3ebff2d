import type { Logger } from 'pino';
import { after, recovering, type Soon } from '../loading/soon.ts';
import { LinksSetupError, LinksUnavailableError } from './link.ts';
import type { LinkStore } from './store.ts';

export type LinksLog = Pick<Logger, 'info' | 'error'>;

/** While the store is down, one call in this time finds out whether it still is; the others fail at once. */
const PROBE_MS = 500;

/**
 * The same store, whose methods fail with LinksUnavailableError only. An outage is logged once when it begins
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

  function codeOf(error: unknown): string {
    return error instanceof LinksSetupError ? 'SETUP' : store.codeOf(error);
  }

  function begin(error: unknown): LinksUnavailableError {
    const setup = error instanceof LinksSetupError;
    const code = codeOf(error);
    if (!outage || (setup && outage.code !== code)) {
      outage = { code, since: now(), nextProbe: now() + PROBE_MS };
      log.error(
        { code, ...(setup && { todo: error.message }) },
        'the links store does not answer: linked data is unavailable until it does',
      );
    }
    return new LinksUnavailableError(code);
  }

  function attempt<T>(work: () => Soon<T>, failed: (error: unknown) => LinksUnavailableError): Soon<T> {
    return recovering(
      () => after(prepared ? undefined : prepare(), () => after(work(), succeeded)),
      (error) => {
        throw failed(error);
      },
    );
  }

  function succeeded<T>(result: T): T {
    if (outage) log.info({ downForMs: Math.round(now() - outage.since) }, 'the links store answers again');
    outage = null;
    return result;
  }

  function read<T>(work: () => Soon<T>): Soon<T> {
    if (outage) {
      if (now() < outage.nextProbe) throw new LinksUnavailableError(outage.code);
      outage.nextProbe = now() + PROBE_MS;
    }
    return attempt(work, begin);
  }

  /** Worth an attempt even when the last call failed; and one that waits in vain for another's lock is no outage. */
  async function write<T>(work: () => Soon<T>): Promise<T> {
    return attempt(work, (error) => new LinksUnavailableError(codeOf(error)));
  }

  return {
    isRemote: store.isRemote,
    prepare: () =>
      prepare().catch((error: unknown) => {
        throw error instanceof LinksSetupError ? error : begin(error);
      }),
    of: (userIds, provider) => read(() => store.of(userIds, provider)),
    usersOf: (provider, externalIds) => read(() => store.usersOf(provider, externalIds)),
    page: async (last, limit, provider) => read(() => store.page(last, limit, provider)),
    sealedWith: async (keyId, limit) => read(() => store.sealedWith(keyId, limit)),
    keyIds: async () => read(() => store.keyIds()),
    put: (row) => write(() => store.put(row)),
    remove: (userId, provider) => write(() => store.remove(userId, provider)),
    reseal: (changes) => write(() => store.reseal(changes)),
    claimImport: async () => {
      const claim = await write(() => store.claimImport());
      return claim && { ...claim, replace: (rows, replaced) => write(() => claim.replace(rows, replaced)) };
    },
    codeOf: store.codeOf,
    close: () => store.close(),
  };
}
