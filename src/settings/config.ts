import { z } from 'zod';
import { type Environment, given, isGiven, readerOf } from './environment.ts';
import type { UpstreamSettings } from '../http/upstream.ts';
import { type ProviderName, type ProviderSettings, providerNames, registry } from '../providers/registry.ts';
import { secret } from '../providers/provider.ts';

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

const count = (least: number, most: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` });
const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true');
const listOf = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item));

const encryptionKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, {
    error: 'must be 32 bytes in base64, for instance from: openssl rand -base64 32',
  })
  .transform((text) => Buffer.from(text, 'base64'));

const linksSettings = z.object({
  LINKS_URL: z
    .string()
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, {
      error: 'must be sqlite:PATH, sqlite::memory: or postgres://…',
    })
    .default('sqlite:links.db')
    .meta({ secret: true }),
  LINKS_ENCRYPTION_KEY: listOf(encryptionKey).default([]).meta({ secret: true }),
});

const serviceSettings = z.object({
  PORT: count(0, 65_535).default(4001),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    })
    .default('info'),
  ROUTER_SECRET: listOf(secret)
    .refine((secrets) => secrets.length <= 2, { error: 'must be one secret, or two while it is rotated' })
    .default([])
    .meta({ secret: true }),
  ALLOW_INSECURE_PROVIDERS: flag.default(false),
  OPERATION_TIMEOUT_MS: count(1, 600_000).default(4_000),
  IDENTITY_CACHE_SECONDS: count(0, 3_600).default(30),
  MAX_REPRESENTATIONS: count(1, 100_000).default(500),
  MAX_IN_FLIGHT: count(1, 1_000_000).default(500),
  INTROSPECTION: flag.optional(),
  EXPLORER: z.enum(['sandbox', 'altair', 'off'], { error: 'must be sandbox, altair or off' }).optional(),
  INLINE_TRACE: flag.default(false),
  ...linksSettings.shape,
});

/** The settings that each provider's transport has, beside the provider's own. */
const transportSettings = {
  timeoutMs: count(1, 600_000).default(2_500),
  connections: count(1, 10_000).default(128),
  queue: count(0, 1_000_000).default(2_000),
  retries: count(0, 5).default(1),
};

/** Reads and checks all settings. Throws a `ConfigError` that names every problem at once. */
export function readConfig(environment: Environment = process.env) {
  const problems: string[] = [];
  const read = readerOf(environment, problems);

  const service = read(serviceSettings, serviceName);
  const settings = {} as Record<ProviderName, unknown>;
  const upstreams = {} as Record<ProviderName, UpstreamSettings | null>;
  for (const name of providerNames) {
    const definition = registry[name];
    const own = Object.keys(definition.settings.shape).map((key) => envName(name, key));
    const isNeeded =
      own.some((key) => isGiven(environment, key)) ||
      ('isIdentity' in definition && definition.isIdentity === true);
    settings[name] = isNeeded ? read(definition.settings, (key) => envName(name, key)) : null;
    const transport = read(z.object(transportSettings), (key) => envName(name, key));
    const baseUrl = (settings[name] as { baseUrl: string } | null)?.baseUrl;
    upstreams[name] = baseUrl && transport ? { name, baseUrl, ...transport } : null;
  }

  const production = given(environment, 'NODE_ENV') === 'production';
  if (production) problems.push(...unfitForProduction(environment));
  if (problems.length > 0 || service === null) throw new ConfigError(problems);

  return {
    production,
    host: service.HOST,
    port: service.PORT,
    logLevel: service.LOG_LEVEL,
    routerSecrets: service.ROUTER_SECRET,
    introspection: service.INTROSPECTION ?? !production,
    explorer: service.EXPLORER ?? (production ? 'off' : 'sandbox'),
    inlineTrace: service.INLINE_TRACE,
    tracing: readTracing(environment),
    maxInFlight: service.MAX_IN_FLIGHT,
    maxRepresentations: service.MAX_REPRESENTATIONS,
    operationTimeoutMs: service.OPERATION_TIMEOUT_MS,
    identityCacheSeconds: service.IDENTITY_CACHE_SECONDS,
    links: { url: service.LINKS_URL, keys: service.LINKS_ENCRYPTION_KEY },
    providers: { settings: settings as ProviderSettings, upstreams },
  };
}

/** What production demands beyond values that are right by themselves, so that it is told beside those that are not. */
function* unfitForProduction(environment: Environment): Generator<string> {
  if (!isGiven(environment, 'ROUTER_SECRET'))
    yield 'ROUTER_SECRET is missing: production answers nobody but the gateway';
  if (!isGiven(environment, 'LINKS_ENCRYPTION_KEY'))
    yield 'LINKS_ENCRYPTION_KEY is missing: production keeps no secret in plain text; make one with: openssl rand -base64 32';
  if (given(environment, 'ALLOW_INSECURE_PROVIDERS') === 'true') return;
  for (const name of providerNames) {
    const setting = envName(name, 'baseUrl');
    if (/^http:/i.test(given(environment, setting) ?? ''))
      yield `${setting} must be https in production (ALLOW_INSECURE_PROVIDERS=true lifts this, for tests on loopback)`;
  }
}

/** The settings of the link store alone, for its command line. Throws a `ConfigError`. */
export function readLinksSettings(environment: Environment = process.env): {
  url: string;
  keys: readonly Buffer[];
} {
  const problems: string[] = [];
  const read = readerOf(environment, problems)(linksSettings, serviceName);
  if (read === null) throw new ConfigError(problems);
  return { url: read.LINKS_URL, keys: read.LINKS_ENCRYPTION_KEY };
}

/** Whether OpenTelemetry's standard variables ask for traces, null when not. Its SDK reads the others by itself. */
function readTracing(environment: Environment): { serviceName: string } | null {
  const exporter = given(environment, 'OTEL_TRACES_EXPORTER');
  const isAsked =
    exporter !== undefined ||
    given(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT') !== undefined ||
    given(environment, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== undefined;
  const isOff = exporter === 'none' || given(environment, 'OTEL_SDK_DISABLED') === 'true';
  return isAsked && !isOff
    ? { serviceName: given(environment, 'OTEL_SERVICE_NAME') ?? 'user-subgraph' }
    : null;
}

const serviceName = (key: string) => key;

/** `accessKey` of `bird` is `BIRD_ACCESS_KEY`. */
function envName(provider: string, key: string): string {
  return `${provider}_${key.replace(/[A-Z]/g, '_$&')}`.toUpperCase();
}
