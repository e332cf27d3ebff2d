import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Config } from '../settings/config.ts';
import type { Lifetime } from '../http/lifetime.ts';
import type { Upstream } from '../http/upstream.ts';
import type { Links } from '../links/links.ts';
import type { Logger } from '../telemetry/log.ts';
import { type Accounts, openAccounts } from './accounts.ts';
import { Operation } from './operation.ts';
import { traceOf } from './trace.ts';
import { type ProviderName, type Providers, providersOf } from '../providers/registry.ts';
import { type RequestLinks, requestLinks } from './request-links.ts';
import type { Identities } from './identities.ts';
import { Viewer } from './viewer.ts';

/** What lives as long as the process. */
export interface App {
  config: Config;
  /** Of the providers that are configured. */
  upstreams: Readonly<Partial<Record<ProviderName, Upstream>>>;
  links: Links;
  identities: Identities;
  /** Told when a provider does not take the key that is stored for somebody. */
  keyRejected(provider: ProviderName, userId: string): void;
  log: Logger;
}

/** What a resolver may use. Credentials are inside of `viewer` and the providers, out of its reach. */
export interface Context extends Providers {
  operation: Operation;
  viewer: Pick<
    Viewer,
    | 'id'
    | 'requireId'
    | 'confirm'
    | 'identifyAfresh'
    | 'isOperator'
    | 'hasToken'
    | 'isBarred'
    | 'deletionInDoubt'
    | 'doubtDeletion'
  >;
  links: Pick<RequestLinks, 'isLinked' | 'lookUp'>;
  /** Removes a user's links and whatever is remembered of them. */
  forgetUser(userId: string): Promise<void>;
  accounts: Accounts;
  log: Logger;
}

/** A request, as far as the context reads it. */
export interface IncomingRequest {
  headers: IncomingHttpHeaders;
  /** In answers, logs and calls. */
  requestId: string;
  /** Whether the gateway has proved itself. */
  isFromRouter: boolean;
  /** Ends the reads that are made for it: its deadline has passed or the client has gone. */
  lifetime: Lifetime;
}

/** The only reader of what headers say of the caller: makes the function that turns a request into a context. */
export function contextsOf(app: App): (request: IncomingRequest) => Context {
  const accounts = openAccounts(app.upstreams, app.links);
  const maxBatchSize = app.config.maxRepresentations;
  const RequestProviders = providersOf(app.upstreams, app.config.providers.settings);

  return ({ headers, requestId, isFromRouter, lifetime }) => {
    const operation = new Operation({
      requestId,
      trace: traceOf(headers),
      isTraceTold: app.config.traceToProviders,
      lifetime,
      callerOf: () => viewer.caller(),
      maxCalls: app.config.maxCalls,
    });
    const viewer: Viewer = new Viewer({
      token: bearerOf(headers),
      isOperator: isFromRouter && hasScope(headers, app.config.operatorScope),
      identities: app.identities,
      identify: {
        anybody: () => providers.bird.me(),
        afresh: () => providers.bird.meNow(),
        only: (userId) => providers.bird.meAs(userId),
        contradicted: () => providers.bird.contradicted(),
      },
    });
    const { isLinked, linkOf, userOf, lookUp } = requestLinks({ links: app.links, maxBatchSize, lifetime });
    const providers = new RequestProviders({
      scope: operation,
      viewer,
      linkOf,
      userOf,
      keyRejected(provider, userId) {
        app.keyRejected(provider, userId);
        void markRejected(provider, userId);
      },
    });

    /** For `links list --rejected`. Whoever asked is not kept waiting for it, nor told that it failed. */
    async function markRejected(provider: ProviderName, userId: string): Promise<void> {
      try {
        const link = await linkOf(provider, userId);
        if (link) await app.links.secretRejected(link);
      } catch (err) {
        app.log.warn({ err, userId, provider }, 'a refused key could not be marked');
      }
    }

    return Object.assign(providers, {
      operation,
      viewer,
      links: { isLinked, lookUp },
      async forgetUser(userId: string) {
        app.identities.forget(userId);
        await app.links.removeAll(userId);
      },
      accounts,
      log: app.log,
    });
  };
}

/** Whether what was sent is one of the secrets that open a door. */
export type SecretCheck = (sent: string | undefined) => boolean;

/** Makes the check of the secrets that are configured at the time: they may be replaced while it runs. */
export function secretCheck(secrets: () => readonly string[]): SecretCheck {
  let checked: readonly string[] = [];
  let checks: ((sent: string) => boolean)[] = [];
  return (sent) => {
    if (checked !== secrets()) {
      checked = secrets();
      checks = checked.map(isSecret);
    }
    // No early exit: the time taken does not tell which of two secrets was close.
    return sent !== undefined && checks.reduce((found, isIt) => isIt(sent) || found, false);
  };
}

/**
 * Which header about the caller cannot be believed, null when there is none. One that came twice is one list with
 * commas on its way (RFC 9110, 5.3), and what a client sent along with the gateway's own is a part of it then. Scopes
 * have no commas; of an `authorization` that has some, only the parts as they came tell whether it is one.
 */
export function ambiguousHeader(
  request: Pick<IncomingMessage, 'headers' | 'headersDistinct'>,
): string | null {
  const { headers } = request;
  if (headers['x-user-scopes']?.includes(',')) return 'x-user-scopes';
  // Node makes `headersDistinct` when it is first asked for.
  const isOnce =
    !headers.authorization?.includes(',') || request.headersDistinct['authorization']?.length === 1;
  return isOnce ? null : 'authorization';
}

/** The token of `authorization: Bearer <token>`, null when there is none. */
export function bearerOf({ authorization }: IncomingHttpHeaders): string | null {
  if (authorization === undefined) return null;
  return /^Bearer +([\x21-\x7e]{1,8192})$/i.exec(authorization)?.[1] ?? null;
}

/** All of the secret is compared, whatever was sent: neither its text nor its length can be timed. */
function isSecret(text: string): (sent: string) => boolean {
  const secret = Buffer.from(text);
  const asLong = Buffer.alloc(secret.length);
  return (sent) => {
    asLong.fill(0).write(sent);
    const isEqual = timingSafeEqual(asLong, secret);
    return isEqual && Buffer.byteLength(sent) === secret.length;
  };
}

/** Scopes are separated by spaces. Without a setting that names it there is none that makes an operator. */
function hasScope({ 'x-user-scopes': scopes }: IncomingHttpHeaders, scope: string | null): boolean {
  return scope !== null && typeof scopes === 'string' && scopes.split(' ').includes(scope);
}

/** The caller's own id for a request, or a new one where there is none that can go into logs and headers. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && /^[\w.:+/=-]{1,128}$/.test(sent) ? sent : randomUUID();
}
