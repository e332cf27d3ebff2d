import type { Lifetime } from '../http/lifetime.ts';
import { type Link, type Links, LinksUnavailableError } from '../links/links.ts';
import { type Loader, loadByKey } from '../loading/load-by-key.ts';
import { after, recovering, type Soon } from '../loading/soon.ts';
import type { ProviderName } from '../providers/registry.ts';

/** The account links as one request sees them. All but `lookUp` fail when they cannot be read. */
export interface RequestLinks {
  /** Whether somebody has links: who has is a member. */
  isLinked(userId: string): Soon<boolean>;
  /** Somebody's account at a provider, null when they have none. */
  linkOf(provider: ProviderName, userId: string): Soon<Link | null>;
  /** The user that an account at a provider belongs to, null when it is nobody's. */
  userOf(provider: ProviderName, externalId: string): Soon<string | null>;
  /** Reads the links of all of these people at once, or what is needed of them when only one provider will be asked. */
  lookUp(userIds: readonly string[], provider?: ProviderName): Soon<undefined>;
}

/** What the links of one request are made of. */
export interface RequestLinksParts {
  links: Links;
  /** How many people are looked up with one statement. */
  maxBatchSize: number;
  lifetime: Lifetime;
}

/**
 * The account links of one request. Each user and each account is looked up once, all of them together; but in a file
 * on this machine somebody who has no link at the one provider that is asked about is looked up once more, in full.
 */
export function requestLinks({ links, maxBatchSize, lifetime }: RequestLinksParts): RequestLinks {
  const isAtHand = !links.isRemote;
  const linksOf = (userIds: readonly string[], provider?: ProviderName) =>
    within(lifetime, links.of(userIds, provider));
  const byUser = loadByKey<readonly Link[]>({
    name: 'links.byUser',
    maxBatchSize,
    isAtHand,
    fetch: (userIds) => after(linksOf(userIds), (found) => ({ values: found.values() })),
    keyOf: ([link]) => link?.userId ?? '',
  });
  const byAccount: Partial<Record<ProviderName, Loader<[externalId: string, userId: string]>>> = {};
  const ownersAt = (provider: ProviderName) =>
    (byAccount[provider] ??= loadByKey({
      name: `links.byAccount.${provider}`,
      maxBatchSize,
      isAtHand,
      fetch: (externalIds) =>
        after(within(lifetime, links.usersOf(provider, externalIds)), (values) => ({ values })),
      keyOf: ([externalId]) => externalId,
    }));

  /** What was read for one provider's sake. Whatever is not in it may still be: `byUser` knows. */
  const parts: ReadonlyMap<string, readonly Link[]>[] = [];

  return {
    isLinked(userId: string) {
      for (const part of parts) if (hasGenuine(part.get(userId))) return true;
      return after(byUser.load(userId), hasGenuine);
    },
    linkOf(provider: ProviderName, userId: string): Soon<Link | null> {
      for (const part of parts) {
        const link = linkAt(provider, part.get(userId));
        if (link) return link;
      }
      return after(byUser.load(userId), (links) => linkAt(provider, links));
    },
    userOf: (provider: ProviderName, externalId: string) =>
      after(ownersAt(provider).load(externalId), (owner) => owner?.[1] ?? null),
    lookUp(userIds: readonly string[], provider?: ProviderName): Soon<undefined> {
      // Another process is asked once, and what it answers is remembered as a whole.
      if (provider === undefined || links.isRemote) return byUser.loadAll(userIds);
      const found = recovering(
        () => linksOf(userIds, provider),
        () => new Map<string, readonly Link[]>(),
      );
      return after(found, (part) => {
        parts.push(part);
        return byUser.loadAll(userIds.filter((id) => !part.has(id)));
      });
    },
  };
}

/** Whether one of somebody's links is as it was written: whoever can only write to the store makes nobody a member. */
function hasGenuine(links: readonly Link[] | null | undefined): boolean {
  for (const link of links ?? []) if (link.isGenuine) return true;
  return false;
}

function linkAt(provider: ProviderName, links: readonly Link[] | null | undefined): Link | null {
  for (const link of links ?? []) if (link.provider === provider) return link;
  return null;
}

/** What comes of a look-up, unless the operation ends before. */
function within<T>(lifetime: Lifetime, reading: Soon<T>): Soon<T> {
  if (!(reading instanceof Promise)) return reading;
  return new Promise((resolve, reject) => {
    const waiting = { end: () => reject(new LinksUnavailableError('DEADLINE')) };
    lifetime.add(waiting);
    reading.then(resolve, reject);
    if (lifetime.ended) waiting.end();
  });
}
