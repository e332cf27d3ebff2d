import { setTimeout as pause } from 'node:timers/promises';
import { Lifetime } from '../http/lifetime.ts';
import type { UpstreamLog } from '../http/parts.ts';
import type { OperationScope } from '../http/call.ts';
import { openUpstream, type UpstreamSettings } from '../http/upstream.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import { PruneRefused, type Standings } from '../links/prune.ts';
import type { bird } from './bird/client.ts';
import { standingsOf } from './bird/organization.ts';

/** How Bird is asked as the operators themselves, and not for anybody's request. */
export interface OperatorsBird {
  readonly settings: Parameters<(typeof bird)['connect']>[0]['settings'];
  readonly upstream: UpstreamSettings;
}

/** How often a group of people is asked about when Bird has trouble, and the longest that it may ask to wait for. */
const ATTEMPTS = 5;
const LONGEST_WAIT_S = 60;

/** What Bird's refusals most likely mean, by status. */
const HINTS: Readonly<Record<number, string>> = {
  401: 'BIRD_ACCESS_KEY is not taken.',
  403: "BIRD_ACCESS_KEY must be the organization's own key.",
  404: 'Does BIRD_ORGANIZATION_ID name the organization?',
};

/** Asks Bird's organization list who there is, with patience: whoever runs a program can wait, as a request cannot. */
export function openStandings(
  { settings, upstream: reached }: OperatorsBird,
  { log, sleep = pause }: { log: UpstreamLog; sleep?: (ms: number) => Promise<unknown> },
): Standings {
  const upstream = openUpstream(reached, { log });
  const scope: OperationScope = { lifetime: new Lifetime(), caller: {}, headers: {}, countCall() {} };

  return {
    async of(userIds) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await standingsOf(userIds, { upstream, settings, scope });
        } catch (error) {
          if (!(error instanceof UpstreamError)) throw error;
          const { retryAfterSeconds = 1 } = error;
          if (!error.retryable || attempt === ATTEMPTS || retryAfterSeconds > LONGEST_WAIT_S)
            throw refused(error);
          await sleep(retryAfterSeconds * 1_000);
        }
      }
    },
    close: () => upstream.close(),
  };
}

function refused({ message, status, retryable, retryAfterSeconds }: UpstreamError): PruneRefused {
  const hint = status === undefined ? '' : (HINTS[status] ?? `It answered ${status}.`);
  const wait =
    retryAfterSeconds === undefined ? '' : `It may be asked again in ${retryAfterSeconds} seconds.`;
  return new PruneRefused([message, hint, wait].filter(Boolean).join(' '), { isPassing: retryable });
}
