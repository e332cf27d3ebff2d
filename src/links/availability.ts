import type { Logger } from 'pino';
import { LinksSetupError, LinksUnavailableError } from './link.ts';

export type LinksLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/** While the store is down, one call in this time finds out whether it still is; the others fail at once. */
const PROBE_MS = 500;

/**
 * Turns every failure of the store into LinksUnavailableError, logs an outage once when it begins and once when
 * it is over, and keeps requests from queueing for a store that is down.
 */
export function watchAvailability(
  reasonOf: (error: unknown) => string,
  log: LinksLog,
  now: () => number,
): <T>(work: () => Promise<T>, insist?: 'insist') => Promise<T> {
  let outage: { readonly reason: string; readonly since: number; nextProbe: number } | null = null;

  return async (work, insist) => {
    if (outage && !insist) {
      if (now() < outage.nextProbe) throw new LinksUnavailableError(outage.reason);
      outage.nextProbe = now() + PROBE_MS;
    }
    try {
      const result = await work();
      if (outage) {
        log.info({ downForMs: Math.round(now() - outage.since) }, 'the links store answers again');
        outage = null;
      }
      return result;
    } catch (error) {
      const reason = error instanceof LinksSetupError ? 'SETUP' : reasonOf(error);
      if (!outage) {
        outage = { reason, since: now(), nextProbe: now() + PROBE_MS };
        log.error(
          { reason, ...(error instanceof LinksSetupError && { todo: error.message }) },
          'the links store does not answer: linked data is unavailable until it does',
        );
      }
      throw new LinksUnavailableError(reason);
    }
  };
}
