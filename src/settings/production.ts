import type { z } from 'zod';
import { type Environment, given, isGiven } from './environment.ts';
import type { serviceSettings } from './shapes.ts';

/** Characters: over a network that answers a thousand guesses a second, eight random ones last for longer than anybody tries. */
const SHORTEST_SECRET = 8;
/** What stands where a secret is to be put, by its letters alone. */
const PLACEHOLDER =
  /^(?:please|change|replace|me|it|this|your?|my|placeholder|password|letmein|default|example|secret)+$/;

/**
 * What production demands beyond values that are right by themselves. It is told beside those that are not, so what
 * can be told without the values is told in any case.
 *
 * @param service null when one of the values is wrong
 * @param baseUrls the setting of each provider's address
 */
export function* unfitForProduction(
  environment: Environment,
  service: z.infer<typeof serviceSettings> | null,
  baseUrls: readonly string[],
): Generator<string> {
  const isAllowed = (name: string) => given(environment, name) === 'true';

  if (!isGiven(environment, 'ROUTER_SECRET'))
    yield 'ROUTER_SECRET is missing: production answers nobody but the gateway';
  if (!isGiven(environment, 'LINKS_ENCRYPTION_KEY'))
    yield 'LINKS_ENCRYPTION_KEY is missing: production keeps no secret in plain text; make one with: openssl rand -base64 32';
  yield* insecureProviders(environment, baseUrls);
  if (given(environment, 'NODE_TLS_REJECT_UNAUTHORIZED') === '0' && !isAllowed('ALLOW_UNVERIFIED_TLS'))
    yield 'NODE_TLS_REJECT_UNAUTHORIZED=0 believes any server to be any other: name the authority in NODE_EXTRA_CA_CERTS instead (ALLOW_UNVERIFIED_TLS=true lifts this)';
  if (service === null) return;

  if (!isAllowed('ALLOW_WEAK_SECRETS')) {
    for (const name of ['ROUTER_SECRET', 'METRICS_SECRET'] as const)
      if (service[name].some(isGuessable))
        yield `${name} can be guessed: make one of at least ${SHORTEST_SECRET} random characters with: openssl rand -hex 32 (ALLOW_WEAK_SECRETS=true lifts this)`;
    if (service.LINKS_ENCRYPTION_KEY.some(isPatterned))
      yield 'LINKS_ENCRYPTION_KEY holds a key that can be guessed: make one with: openssl rand -base64 32 (ALLOW_WEAK_SECRETS=true lifts this)';
  }
  if (!isAllowed('ALLOW_INSECURE_LINKS')) {
    const fault = exposureOf(service.LINKS_URL, environment);
    if (fault !== null) yield `LINKS_URL ${fault} (ALLOW_INSECURE_LINKS=true lifts this)`;
  }
}

/** Which providers would be sent credentials without TLS, unless that is said to be meant. */
export function* insecureProviders(environment: Environment, baseUrls: readonly string[]): Generator<string> {
  if (given(environment, 'ALLOW_INSECURE_PROVIDERS') === 'true') return;
  for (const setting of baseUrls)
    if (/^http:/i.test(given(environment, setting) ?? ''))
      yield `${setting} must be https in production (ALLOW_INSECURE_PROVIDERS=true lifts this, for tests on loopback)`;
}

/** Whether a secret is short, the same few characters again and again, or what is meant to be replaced by one. */
function isGuessable(secret: string): boolean {
  return (
    secret.length < SHORTEST_SECRET ||
    isRepeated(Array.from(secret)) ||
    PLACEHOLDER.test(secret.toLowerCase().replaceAll(/[^a-z]/g, ''))
  );
}

function isRepeated(characters: readonly string[]): boolean {
  return characters.some(
    (_, period) =>
      period > 0 &&
      period <= characters.length / 2 &&
      characters.every((character, at) => character === characters[at % period]),
  );
}

/** Whether bytes are a few that repeat, zeros above all, or count up or down: what people type, and chance never makes. */
function isPatterned(key: Buffer): boolean {
  const step = (key[1] ?? 0) - (key[0] ?? 0);
  const counts = key.every((byte, at) => at === 0 || (byte - (key[at - 1] ?? 0) - step) % 256 === 0);
  return counts || [2, 3, 4].some((period) => key.every((byte, at) => byte === key[at % period]));
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/**
 * How the links' way to PostgreSQL could be listened to or answered by somebody else; null when it cannot. As the
 * driver (pg-connection-string 2) reads the address: what stands in the query wins over what stands in front, the last
 * of two wins, a path is a socket on this machine, and `PGHOST` and `PGSSLMODE` count where the address says nothing.
 */
function exposureOf(url: string, environment: Environment): string | null {
  if (!url.startsWith('postgres') || !URL.canParse(url)) return null;
  const { hostname, searchParams } = new URL(url);
  const query = Object.fromEntries(searchParams);
  const named = query['host'] || decodeURIComponent(hostname) || given(environment, 'PGHOST') || 'localhost';
  const host = named.replace(/^\[(.+)\]$/, '$1');
  if (LOOPBACK.test(host) || host.startsWith('/')) return null;

  const { ssl = '', sslmode = '', uselibpqcompat } = query;
  const isSaid = ssl !== '' || sslmode !== '';
  const mode = sslmode || (isSaid ? ssl : (given(environment, 'PGSSLMODE') ?? ''));
  if (mode === 'no-verify' || (uselibpqcompat === 'true' && mode !== 'verify-full'))
    return 'does not verify who the database is: say sslmode=verify-full';
  if (/^(true|1|prefer|require|verify-ca|verify-full)$/.test(mode)) return null;
  return 'reaches another machine without TLS, where the links can be read and changed on the way: say sslmode=verify-full';
}
