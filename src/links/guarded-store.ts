import type { Logger } from 'pino';
import { after, recovering, type Soon } from '../loading/soon.ts';
import { LinksSetupError, LinksUnavailableError } from './link.ts';
import { BUSY, type LinkStore } from './store.ts';

export type LinksLog = Pick<Logger, 'info' | 'error'>;

/** While the store is down, one call in this time finds out whether it still is; the others fail at once. */
const PROBE_MS = 500;

/** A crowd that goes on is told once, until it was over for this time. */
const BUSY_LINE_MS = 60_000;

/**
 * The same store, whose methods fail with LinksUnavailableError only. An outage is logged once when it begins
 * and once when it is over, and requests do not queue for a store that is down. `prepare` rejects with
 * LinksSetupError as well; where it could not be done, the first call that reaches the store does it.
 */
export function guardStore(store: LinkStore, log: LinksLog, now: () => number): LinkStore {
  let outage: { readonly code: string; readonly since: number; nextProbe: number } | null = null;
  let prepared = false;
  let nextBusyLine = -Infinity;

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
    if (code === BUSY) return busy();
    if (!outage || (setup && outage.code !== code)) {
      outage = { code, since: now(), nextProbe: now() + PROBE_MS };
      log.error(
        { code, ...(setup && { todo: error.message }) },
        'the links store does not answer: linked data is unavailable until it does',
      );
    }
    return new LinksUnavailableError(code);
  }

  /** No outage: others are being answered. */
  function busy(): LinksUnavailableError {
    if (now() >= nextBusyLine)
      log.error({ code: BUSY }, 'look-ups of links are given up: all connections are in use, see LINKS_POOL');
    nextBusyLine = now() + BUSY_LINE_MS;
    return new LinksUnavailableError(BUSY);
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
    isOfEarlierVersion: async () => read(() => store.isOfEarlierVersion()),
    endEarlierVersion: () => write(() => store.endEarlierVersion()),
    of: (userIds, provider) => read(() => store.of(userIds, provider)),
    ofAccounts: (provider, externalIds) => read(() => store.ofAccounts(provider, externalIds)),
    page: async (last, limit, provider) => read(() => store.page(last, limit, provider)),
    rejected: async (last, limit) => read(() => store.rejected(last, limit)),
    keyIds: async () => read(() => store.keyIds()),
    put: (row) => write(() => store.put(row)),
    remove: (userId, provider) => write(() => store.remove(userId, provider)),
    replace: (changes) => write(() => store.replace(changes)),
    importBatch: (scope, decide) => write(() => store.importBatch(scope, decide)),
    markRejected: (row) => write(() => store.markRejected(row)),
    codeOf: store.codeOf,
    moveTo: (url) => store.moveTo(url),
    close: () => store.close(),
  };
}
