import { isIP } from 'node:net';
import { z } from 'zod';
import { secret } from '../providers/provider.ts';

const count = (least: number, most: number) =>
  z
    .string()
    .regex(/^-?\d+$/, { error: 'must be a whole number, in digits' })
    .transform(Number)
    .pipe(
      z
        .number()
        .min(least, { error: `must be at least ${least}` })
        .max(most, { error: `must be at most ${most}` }),
    );
const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true');
const listOf = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item));
/** What whoever calls this service proves itself with: each is good by itself, so that one can follow another. */
const callersSecret = listOf(secret)
  .refine((secrets) => secrets.length <= 2, { error: 'must be one secret, or two while it is rotated' })
  .default([])
  .meta({ secret: true });

const encryptionKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, {
    error: 'must be 32 bytes in base64, for instance from: openssl rand -base64 32',
  })
  .transform((text) => Buffer.from(text, 'base64'));

/** What is listened at: a name has a letter in it, or is an address that is none. */
const host = z.string().refine((text) => isIP(text) > 0 || /^(?=.*[a-z])[\w.-]+$/i.test(text), {
  error:
    'must be a host name or an IP address alone, such as :: or 0.0.0.0: without brackets, scheme and port (that is PORT)',
});

/** The settings of the link store. */
export const linksSettings = z.object({
  LINKS_URL: z
    .string()
    .regex(/^(sqlite:([^:].*|:memory:)|postgres(ql)?:\/\/.+)$/, {
      error: 'must be sqlite:PATH, sqlite::memory: or postgres://…',
    })
    .default('sqlite:links.db')
    .meta({ secret: true }),
  LINKS_ENCRYPTION_KEY: listOf(encryptionKey).default([]).meta({ secret: true }),
  LINKS_POOL: count(1, 1_000).default(5),
});

/** The settings of the service itself. */
export const serviceSettings = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'], {
      error: 'must be production, development or test, spelt like that, or not set at all',
    })
    .optional(),
  PORT: count(0, 65_535).default(4001),
  HOST: host.default('127.0.0.1'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    })
    .default('info'),
  ROUTER_SECRET: callersSecret,
  METRICS_SECRET: callersSecret,
  OPERATOR_SCOPE: z
    .string()
    .regex(/^[\x21-\x2b\x2d-\x7e]+$/, { error: 'must be one scope, without spaces or commas' })
    .optional(),
  ALLOW_INSECURE_PROVIDERS: flag.default(false),
  ALLOW_INSECURE_LINKS: flag.default(false),
  ALLOW_UNVERIFIED_TLS: flag.default(false),
  ALLOW_WEAK_SECRETS: flag.default(false),
  TRACE_TO_PROVIDERS: flag.default(false),
  OPERATION_TIMEOUT_MS: count(1, 600_000).default(4_000),
  IDENTITY_CACHE_SECONDS: count(0, 60).default(30),
  MAX_REPRESENTATIONS: count(1, 100_000).default(500),
  MAX_VALUES: count(1, 10_000_000).default(25_000),
  MAX_ANSWER_BYTES: count(1_024, 1024 ** 3).default(16 * 1024 ** 2),
  MAX_IN_FLIGHT: count(1, 1_000_000).default(500),
  MAX_IN_FLIGHT_PER_CALLER: count(1, 1_000_000).default(50),
  MAX_CALLS: count(1, 1_000_000).default(1_000),
  IDLE_CONNECTION_SECONDS: count(1, 86_400).default(620),
  INTROSPECTION: flag.optional(),
  EXPLORER: z.enum(['sandbox', 'altair', 'off'], { error: 'must be sandbox, altair or off' }).optional(),
  INLINE_TRACE: flag.default(false),
  ...linksSettings.shape,
});

/** The settings that each provider's transport has, beside the provider's own. */
export const transportSettings = z.object({
  timeoutMs: count(1, 600_000).default(2_500),
  connections: count(1, 10_000).default(128),
  connectionsPerCaller: count(1, 10_000).optional(),
  keepAliveMs: count(1, 600_000).default(55_000),
  queue: count(0, 1_000_000).default(2_000),
  retries: count(0, 5).default(1),
});
