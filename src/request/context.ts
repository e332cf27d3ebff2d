import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../settings/config.ts';
import type { Lifetime } from '../http/lifetime.ts';
import type { Upstream } from '../http/upstream.ts';
import type { Links } from '../links/links.ts';
import type { Logger } from '../telemetry/log.ts';
import { Operation } from './operation.ts';
import { type ProviderName, type Providers, providersOf } from '../providers/registry.ts';
import { type RequestLinks, requestLinks } from './request-links.ts';
import { type Identities, Viewer } from './viewer.ts';

/** What lives as long as the process. */
export interface App {
  config: Config;
  /** Of the providers that are configured. */
  upstreams: Readonly<Partial<Record<ProviderName, Upstream>>>;
  links: Links;
  identities: Identities;
  log: Logger;
}

/** What a resolver may use. Credentials are inside of `viewer` and the providers, out of its reach. */
export interface Context extends Providers {
  operation: Operation;
  viewer: Pick<Viewer, 'id' | 'requireId' | 'isOperator' | 'hasToken'>;
  links: Pick<RequestLinks, 'isLinked' | 'lookUp'>;
  /** Removes a user's links and whatever is remembered of them. */
  forgetUser(userId: string): Promise<void>;
  log: Logger;
}

/** A request, as far as the context reads it. */
export interface IncomingRequest {
  headers: IncomingHttpHeaders;
  /** Whether the gateway has proved itself. */
  isFromRouter: boolean;
  /** Ends the reads that are made for it: its deadline has passed or the client has gone. */
  lifetime: Lifetime;
}

/** The only reader of what headers say of the caller: makes the function that turns a request into a context. */
export function contextsOf(app: App): (request: IncomingRequest) => Context {
  const maxBatchSize = app.config.maxRepresentations;
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
    const { isLinked, linkOf, userOf, lookUp } = requestLinks({ links: app.links, maxBatchSize, lifetime });
    const providers = new RequestProviders({ scope: operation, viewer, linkOf, userOf });

    return Object.assign(providers, {
      operation,
      viewer,
      links: { isLinked, lookUp },
      async forgetUser(userId: string) {
        app.identities.forget(userId);
        await app.links.removeAll(userId);
      },
      log: app.log,
    });
  };
}

/** Whether a request carries the gateway's secret, which is one of these. */
export type RouterCheck = (headers: IncomingHttpHeaders) => boolean;

/** Makes the check. Each secret is good by itself, so that one can follow another. */
export function routerCheck(secrets: readonly string[]): RouterCheck {
  const checks = secrets.map(isSecret);
  return ({ 'router-authorization': sent }) =>
    typeof sent === 'string' &&
    // No early exit: the time taken does not tell which of two secrets was close.
    checks.reduce((found, isIt) => isIt(sent) || found, false);
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
