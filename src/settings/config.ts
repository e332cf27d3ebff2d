import type { z } from 'zod';
import { type Environment, given, isGiven, isSecret, readerOf } from './environment.ts';
import { insecureProviders, unfitForProduction } from './production.ts';
import { proxiesOf, proxySettings } from './proxies.ts';
import { linksSettings, serviceSettings, transportSettings } from './shapes.ts';
import type { UpstreamSettings } from '../http/upstream.ts';
import type { TracingSettings } from '../telemetry/tracing.ts';
import { type ProviderName, type ProviderSettings, providerNames, registry } from '../providers/registry.ts';
import type { OperatorsBird } from '../providers/standings.ts';

/** Every setting of the service, checked. Read once, at start. */
export type Config = ReturnType<typeof readConfig>;

/** All that is wrong with the settings, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The settings are not right, and nothing was started:\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Reads and checks all settings. Throws a `ConfigError` that names every problem at once. */
export function readConfig(environment: Environment = process.env) {
  const problems: string[] = [];
  const read = readerOf(environment, problems);

  const service = read(serviceSettings, serviceName);
  const upstreamOf = upstreamReader(read);
  const settings = {} as Record<ProviderName, unknown>;
  const upstreams = {} as Record<ProviderName, UpstreamSettings | null>;
  for (const name of providerNames) {
    const definition = registry[name];
    const own = Object.keys(definition.settings.shape).map((key) => envName(name, key));
    const isNeeded =
      own.some((key) => isGiven(environment, key)) ||
      ('isIdentity' in definition && definition.isIdentity === true);
    settings[name] = isNeeded ? read(definition.settings, (key) => envName(name, key)) : null;
    upstreams[name] = upstreamOf(name, settings[name] as { baseUrl: string } | null);
  }

  const production = given(environment, 'NODE_ENV') === 'production';
  if (production) problems.push(...unfitForProduction(environment, service, addresses));
  if (service?.METRICS_SECRET.some((secret) => service.ROUTER_SECRET.includes(secret)))
    problems.push('METRICS_SECRET must be another than ROUTER_SECRET: it opens the metrics and nothing else');
  if (problems.length > 0 || service === null) throw new ConfigError(problems);

  return {
    production,
    host: service.HOST,
    port: service.PORT,
    logLevel: service.LOG_LEVEL,
    routerSecrets: service.ROUTER_SECRET,
    metricsSecrets: service.METRICS_SECRET,
    operatorScope: service.OPERATOR_SCOPE ?? null,
    traceToProviders: service.TRACE_TO_PROVIDERS,
    introspection: service.INTROSPECTION ?? !production,
    explorer: service.EXPLORER ?? (production ? 'off' : 'sandbox'),
    inlineTrace: service.INLINE_TRACE,
    tracing: readTracing(environment),
    maxValues: service.MAX_VALUES,
    maxAnswerBytes: service.MAX_ANSWER_BYTES,
    maxInFlight: service.MAX_IN_FLIGHT,
    maxInFlightPerCaller: service.MAX_IN_FLIGHT_PER_CALLER,
    maxCalls: service.MAX_CALLS,
    idleConnectionSeconds: service.IDLE_CONNECTION_SECONDS,
    maxRepresentations: service.MAX_REPRESENTATIONS,
    operationTimeoutMs: service.OPERATION_TIMEOUT_MS,
    identityCacheSeconds: service.IDENTITY_CACHE_SECONDS,
    links: {
      url: service.LINKS_URL,
      keys: service.LINKS_ENCRYPTION_KEY,
      connections: service.LINKS_POOL,
    },
    providers: { settings: settings as ProviderSettings, upstreams },
  };
}

type Read = ReturnType<typeof readerOf>;

/** Makes what reads how a provider is reached, null when it is not configured or something is wrong. */
function upstreamReader(read: Read) {
  const proxies = read(proxySettings, serviceName);
  const proxyOf = proxies ? proxiesOf(proxies) : () => null;
  return (name: ProviderName, own: { baseUrl: string } | null): UpstreamSettings | null => {
    const transport = read(transportSettings, (key) => envName(name, key));
    if (!own || !transport) return null;
    const { baseUrl } = own;
    return { name, baseUrl, ...transport, ...perCaller(transport), proxy: proxyOf(baseUrl) };
  };
}

/** By default somebody who asks for much leaves an eighth of the connections to the others. */
function perCaller({ connections, connectionsPerCaller }: Partial<Record<string, number>>) {
  return { connectionsPerCaller: connectionsPerCaller ?? Math.ceil(((connections ?? 0) * 7) / 8) };
}

/** The settings of the link store alone, for its command line. Throws a `ConfigError`. */
export function readLinksSettings(environment: Environment = process.env): {
  url: string;
  keys: readonly Buffer[];
  connections: number;
} {
  const problems: string[] = [];
  const read = readerOf(environment, problems)(linksSettings, serviceName);
  if (read === null) throw new ConfigError(problems);
  return { url: read.LINKS_URL, keys: read.LINKS_ENCRYPTION_KEY, connections: read.LINKS_POOL };
}

/** Bird as its operators ask it, for the command line of the links. Throws a `ConfigError`. */
export function readOperatorsBird(environment: Environment = process.env): OperatorsBird {
  const problems: string[] = [];
  const read = readerOf(environment, problems);
  const settings = read(registry.bird.settings, (key) => envName('bird', key));
  const upstream = upstreamReader(read)('bird', settings);
  if (settings && !settings.organizationId)
    problems.push('BIRD_ORGANIZATION_ID is missing, and with it BIRD_ACCESS_KEY: its list says who there is');
  if (given(environment, 'NODE_ENV') === 'production')
    problems.push(...insecureProviders(environment, [envName('bird', 'baseUrl')]));
  if (problems.length > 0 || !settings || !upstream) throw new ConfigError(problems);
  return { settings, upstream };
}

/** Whether OpenTelemetry's standard variables ask for traces, null when not. Its SDK reads the others by itself. */
function readTracing(environment: Environment): TracingSettings | null {
  const exporter = given(environment, 'OTEL_TRACES_EXPORTER');
  const isAsked =
    exporter !== undefined ||
    given(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT') !== undefined ||
    given(environment, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== undefined;
  const isOff = exporter === 'none' || given(environment, 'OTEL_SDK_DISABLED') === 'true';
  return isAsked && !isOff
    ? {
        serviceName: given(environment, 'OTEL_SERVICE_NAME') ?? 'user-subgraph',
        callerSamples: given(environment, 'OTEL_TRACES_SAMPLER')?.startsWith('parentbased_') ?? false,
      }
    : null;
}

const serviceName = (key: string) => key;

const addresses = providerNames.map((name) => envName(name, 'baseUrl'));

/** The name of every setting there is, `NAME_FILE` of the secret ones included. */
export const settingNames: readonly string[] = [
  ...namesOf(serviceSettings, serviceName),
  ...providerNames.flatMap((provider) =>
    [registry[provider].settings, transportSettings].flatMap((settings) =>
      namesOf(settings, (key) => envName(provider, key)),
    ),
  ),
];

function namesOf(settings: z.ZodObject, nameOf: (key: string) => string): string[] {
  return Object.entries(settings.shape).flatMap(([key, type]) =>
    isSecret(type as z.ZodType) ? [nameOf(key), `${nameOf(key)}_FILE`] : [nameOf(key)],
  );
}

/** `accessKey` of `bird` is `BIRD_ACCESS_KEY`. */
function envName(provider: string, key: string): string {
  return `${provider}_${key.replace(/[A-Z]/g, '_$&')}`.toUpperCase();
}
