import { LRUCache } from 'lru-cache';
import type { OperationScope } from '../http/call.ts';
import type { Upstream } from '../http/upstream.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { Links } from '../links/links.ts';
import { accountOfKey, type ProviderName } from '../providers/registry.ts';

/** How often somebody may try a key within a minute: enough to paste the wrong one, too few to find out anything. */
const TRIES_A_MINUTE = 5;
/** People whose tries are remembered at once. */
const MOST_PEOPLE = 10_000;

/** What linking one's own account takes, for the life of the process. */
export interface Accounts extends Pick<Links, 'link' | 'unlink'> {
  /**
   * Whose account a key is, as its provider says.
   *
   * @throws UpstreamError, `credentials-rejected` when the provider does not take the key
   */
  ofKey(provider: ProviderName, key: string, scope: OperationScope): Promise<string>;
  /** Counts a try; false when a person has made too many. Each replica counts its own. */
  mayTry(userId: string): boolean;
}

export function openAccounts(
  upstreams: Readonly<Partial<Record<ProviderName, Upstream>>>,
  { link, unlink }: Pick<Links, 'link' | 'unlink'>,
): Accounts {
  const tries = new LRUCache<string, { count: number }>({ max: MOST_PEOPLE, ttl: 60_000 });

  return {
    link,
    unlink,
    async ofKey(provider, key, scope) {
      const upstream = upstreams[provider];
      const ask = accountOfKey[provider];
      if (!upstream || !ask) throw new UpstreamError(provider, 'not-configured');
      return ask(key, { upstream, scope });
    },
    mayTry(userId) {
      const tried = tries.get(userId) ?? { count: 0 };
      if (tried.count === 0) tries.set(userId, tried);
      tried.count += 1;
      return tried.count <= TRIES_A_MINUTE;
    },
  };
}
