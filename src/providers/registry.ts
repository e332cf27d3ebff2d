import type { OperationScope } from '../http/call.ts';
import type { Upstream } from '../http/upstream.ts';
import { UpstreamError } from '../http/upstream-error.ts';
import type { Link, Linkable } from '../links/links.ts';
import type { Soon } from '../loading/soon.ts';
import { atoms } from './atoms/client.ts';
import { bird } from './bird/client.ts';
import { ejento } from './ejento/client.ts';
import { insighto } from './insighto/client.ts';
import type { AccountOfKey, ProviderDefinition, ProviderRequest } from './provider.ts';

/** Every provider. Settings, pools, links, health and metrics derive from this literal. */
export const registry = { bird, ejento, insighto, atoms };

export type ProviderName = keyof typeof registry;

/** Each provider as one request sees it: its verbs, by name. */
export type Providers = { [Name in ProviderName]: ReturnType<(typeof registry)[Name]['connect']> };

/** The settings of each provider, null where it is not configured. */
export type ProviderSettings = {
  [Name in ProviderName]: Parameters<(typeof registry)[Name]['connect']>[0]['settings'] | null;
};

/** The names of the registry, in its order. */
export const providerNames = Object.keys(registry) as ProviderName[];

/** The providers where a person has an account of its own, and what such an account looks like. */
export const linkable: Linkable = Object.fromEntries(
  providerNames.flatMap((name) => {
    const { linkable: form } = registry[name] as Pick<ProviderDefinition<never, unknown>, 'linkable'>;
    return form ? [[name, form]] : [];
  }),
);

/** How each provider says whose a key is; absent where it does not. */
export const accountOfKey: Readonly<Partial<Record<ProviderName, AccountOfKey>>> = Object.fromEntries(
  providerNames.flatMap((name) => {
    const { accountOfKey } = registry[name] as Pick<ProviderDefinition<never, unknown>, 'accountOfKey'>;
    return accountOfKey ? [[name, accountOfKey]] : [];
  }),
);

/** What all providers of one request share. */
export interface Connection {
  scope: OperationScope;
  viewer: ProviderRequest<unknown>['viewer'];
  linkOf(provider: ProviderName, userId: string): Soon<Link | null>;
  userOf(provider: ProviderName, externalId: string): Soon<string | null>;
  /** The provider does not take a person's own key. */
  keyRejected(provider: ProviderName, userId: string): void;
}

/**
 * Makes the base of a request's context: a provider is connected when the first field asks for it, and one without
 * settings refuses every verb.
 */
export function providersOf(
  upstreams: Readonly<Partial<Record<ProviderName, Upstream>>>,
  settings: ProviderSettings,
) {
  // No private fields: Apollo Server hands resolvers a shallow copy of the context, which would not have them.
  class RequestProviders {
    readonly connection: Connection;
    readonly connected: Partial<Record<ProviderName, unknown>> = {};

    constructor(connection: Connection) {
      this.connection = connection;
    }
  }

  function connect(name: ProviderName, { scope, viewer, linkOf, userOf, keyRejected }: Connection): unknown {
    const upstream = upstreams[name];
    if (!upstream) return withoutSettings(name);
    const definition = registry[name] as unknown as ProviderDefinition<never, unknown>;
    return definition.connect({
      upstream,
      settings: settings[name] as never,
      scope,
      viewer,
      linkOf: (userId) => linkOf(name, userId),
      userOf: (externalId) => userOf(name, externalId),
      keyFailed(userId, error) {
        // A 400 of this kind is a plan's limit: the key is good.
        const isRejected =
          error instanceof UpstreamError && error.failure === 'credentials-rejected' && error.status !== 400;
        if (isRejected) keyRejected(name, userId);
      },
    });
  }

  for (const name of providerNames) {
    Object.defineProperty(RequestProviders.prototype, name, {
      get(this: RequestProviders) {
        return (this.connected[name] ??= connect(name, this.connection));
      },
    });
  }
  return RequestProviders as unknown as new (connection: Connection) => Providers;
}

function withoutSettings(name: ProviderName): object {
  const refuse = () => Promise.reject(new UpstreamError(name, 'not-configured'));
  return new Proxy({}, { get: () => refuse });
}
