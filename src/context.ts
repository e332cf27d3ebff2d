import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from './config.ts';
import type { Lifetime } from './http/lifetime.ts';
import type { Upstream } from './http/upstream.ts';
import type { Link, Links } from './links/links.ts';
import { type Loader, loadByKey } from './loading/load-by-key.ts';
import { after, recovering, type Soon } from './loading/soon.ts';
import type { Logger } from './log.ts';
import { Operation } from './operation.ts';
import { type ProviderName, type Providers, providersOf } from './providers/index.ts';
import { type Identities, Viewer } from './viewer.ts';

/** What lives as long as the process. */
export interface App {
  config: Config;
  upstreams: Readonly<Record<ProviderName, Upstream>>;
  links: Links;
  identities: Identities;
  log: Logger;
}

/** What a resolver may use. Credentials are inside of `viewer` and the providers, out of its reach. */
export interface Context extends Providers {
  operation: Operation;
  viewer: Pick<Viewer, 'id' | 'requireId' | 'isOperator' | 'hasToken'>;
  links: RequestLinks;
  /** Removes a user's links and whatever is remembered of them. */
  forgetUser(userId: string): Promise<void>;
  /** Forgets which tokens belong to a user: who they are is asked anew. */
  forgetIdentity(userId: string): void;
  log: Logger;
}

/** Who is a member. */
export interface RequestLinks {
  isLinked(userId: string): Soon<boolean>;
  /**
   * Reads the links of all of these people at once, or what is needed of them when only one provider will be asked.
   * Never fails: `isLinked` does, if they cannot be read.
   */
  lookUp(userIds: readonly string[], provider?: ProviderName): Soon<undefined>;
}

/** A header's request, as far as the context reads it. */
export interface IncomingRequest {
  headers: IncomingHttpHeaders;
  /** Whether the gateway has proved itself. */
  isFromRouter: boolean;
  /** Ends the reads that are made for it: its deadline has passed or the client has gone. */
  lifetime: Lifetime;
}

/** The only reader of request headers: makes the function that turns a request into a resolver's context. */
export function contextsOf(app: App): (request: IncomingRequest) => Context {
  const RequestProviders = providersOf(app.upstreams, app.config.providers.settings);

  return ({ headers, isFromRouter, lifetime }) => {
    const operation = new Operation({
      requestId: requestIdOf(headers),
      traceparent: traceparentOf(headers),
      lifetime,
    });
    const viewer: Viewer = new Viewer({
      token: bearerOf(headers),
      isOperator: isOperator(headers, isFromRouter),
      identities: app.identities,
      identify: () => providers.bird.me(),
    });
    const { isLinked, linkOf, userOf, lookUp } = linkLookUps(app);
    const providers = new RequestProviders({ scope: operation, viewer, linkOf, userOf });

    return Object.assign(providers, {
      operation,
      viewer,
      links: { isLinked, lookUp },
      async forgetUser(userId: string) {
        app.identities.forget(userId);
        await app.links.removeAll(userId);
      },
      forgetIdentity: (userId: string) => app.identities.forget(userId),
      log: app.log,
    });
  };
}

/** The account links of one request: each user and each account is looked up once, all of them together. */
function linkLookUps({ links, config }: App) {
  const maxBatchSize = config.maxRepresentations;
  const isAtHand = !links.isRemote;
  const byUser = loadByKey<readonly Link[]>({
    name: 'links.byUser',
    maxBatchSize,
    isAtHand,
    fetch: (userIds) => after(links.of(userIds), (found) => found.values()),
    keyOf: ([link]) => link?.userId ?? '',
  });
  const byAccount: Partial<Record<ProviderName, Loader<[externalId: string, userId: string]>>> = {};
  const ownersAt = (provider: ProviderName) =>
    (byAccount[provider] ??= loadByKey({
      name: `links.byAccount.${provider}`,
      maxBatchSize,
      isAtHand,
      fetch: (externalIds) => links.usersOf(provider, externalIds),
      keyOf: ([externalId]) => externalId,
    }));

  /** What was read for one provider's sake. Whatever is not in it may still be: `byUser` knows. */
  const parts: ReadonlyMap<string, readonly Link[]>[] = [];

  return {
    isLinked: (userId: string) =>
      parts.some((part) => part.has(userId)) || after(byUser.load(userId), (links) => links !== null),
    linkOf(provider: ProviderName, userId: string): Soon<Link | null> {
      const linkIn = (links?: readonly Link[] | null) => links?.find((link) => link.provider === provider);
      for (const part of parts) {
        const link = linkIn(part.get(userId));
        if (link) return link;
      }
      return after(byUser.load(userId), (links) => linkIn(links) ?? null);
    },
    userOf: (provider: ProviderName, externalId: string) =>
      after(ownersAt(provider).load(externalId), (owner) => owner?.[1] ?? null),
    lookUp(userIds: readonly string[], provider?: ProviderName): Soon<undefined> {
      if (provider === undefined) return byUser.loadAll(userIds);
      const found = recovering(
        () => links.of(userIds, provider),
        () => new Map<string, readonly Link[]>(),
      );
      return after(found, (part) => {
        parts.push(part);
        return byUser.loadAll(userIds.filter((id) => !part.has(id)));
      });
    },
  };
}

/** Whether a request carries the gateway's secret, which is one of these. */
export type RouterCheck = (headers: IncomingHttpHeaders) => boolean;

/** Makes the check. Each secret is good by itself, so that one can follow another. */
export function routerCheck(secrets: readonly string[]): RouterCheck {
  const known = secrets.map((secret) => Buffer.from(secret));
  return ({ 'router-authorization': sent }) =>
    typeof sent === 'string' &&
    // No early exit: the time taken does not tell which of two secrets was close.
    known.reduce((found, secret) => isSame(sent, secret) || found, false);
}

/** All of the secret is compared, whatever was sent: neither its text nor its length can be timed. */
function isSame(sent: string, secret: Buffer): boolean {
  const asLong = Buffer.alloc(secret.length);
  asLong.write(sent);
  const isEqual = timingSafeEqual(asLong, secret);
  return isEqual && Buffer.byteLength(sent) === secret.length;
}

/** Scopes are believed only from a gateway that has proved itself: without a configured secret there is none. */
function isOperator(headers: IncomingHttpHeaders, isFromRouter: boolean): boolean {
  const scopes = headers['x-user-scopes'];
  return typeof scopes === 'string' && isFromRouter && scopes.split(' ').includes('users:read');
}

function bearerOf({ authorization }: IncomingHttpHeaders): string | null {
  return /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(authorization ?? '')?.[1] ?? null;
}

function requestIdOf(headers: IncomingHttpHeaders): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && /^[\w.:+/=-]{1,128}$/.test(sent) ? sent : randomUUID();
}

function traceparentOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' &&
    /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(traceparent)
    ? traceparent
    : undefined;
}
