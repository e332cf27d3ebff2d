import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/settings/config.ts';

const bird = { BIRD_BASE_URL: 'https://api.bird.example' };
const key = 'Y2hhbmNlIG1hZGUgdGhlc2UgdGhpcnR5LXR3byAhISE=';
const drawn = '9f2c4e7a1b8d3065';

const production = { NODE_ENV: 'production', ROUTER_SECRET: drawn, LINKS_ENCRYPTION_KEY: key, ...bird };

const directory = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(directory, { recursive: true }));

function fileWith(text: string): string {
  const path = join(directory, String(Math.random()));
  writeFileSync(path, text);
  return path;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

describe('the settings', () => {
  it('have the documented defaults', () => {
    const config = readConfig(bird);
    expect(config).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4001,
      logLevel: 'info',
      routerSecrets: [],
      introspection: true,
      explorer: 'sandbox',
      inlineTrace: false,
      maxInFlight: 500,
      maxRepresentations: 500,
      operationTimeoutMs: 4000,
      identityCacheSeconds: 30,
      links: { url: 'sqlite:links.db', keys: [] },
    });
    const transport = {
      timeoutMs: 2500,
      connections: 128,
      connectionsPerCaller: 112,
      keepAliveMs: 55_000,
      queue: 2000,
      retries: 1,
    };
    expect(config.providers.upstreams.bird).toEqual({
      name: 'bird',
      baseUrl: bird.BIRD_BASE_URL,
      ...transport,
      proxy: null,
    });
  });

  it('leave a provider alone that is not configured', () => {
    const { settings, upstreams } = readConfig(bird).providers;
    expect([settings.ejento, settings.insighto, settings.atoms]).toEqual([null, null, null]);
    expect([upstreams.ejento, upstreams.insighto, upstreams.atoms]).toEqual([null, null, null]);
  });

  it('name every problem at once, and no value', () => {
    const wrong = {
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      LINKS_URL: 'mysql://root:hunter2@db',
      LINKS_ENCRYPTION_KEY: 'hunter2',
      EJENTO_BASE_URL: 'ftp://ejento.example',
      EJENTO_ACCESS_TOKEN: 'line\nbreak hunter2',
      ATOMS_BASE_URL: 'https://user:hunter2@atoms.example',
      INSIGHTO_CONNECTIONS: '0',
    };
    const problems = problemsOf(wrong);
    expect(problems).toEqual([
      'PORT must be a whole number, in digits',
      'LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent',
      'LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…',
      'LINKS_ENCRYPTION_KEY must be 32 bytes in base64, for instance from: openssl rand -base64 32',
      'BIRD_BASE_URL is missing',
      'EJENTO_BASE_URL must be an http(s) URL',
      'EJENTO_SUBSCRIPTION_KEY is missing',
      'EJENTO_ACCESS_TOKEN must be the token alone or Bearer and the token, in printable characters',
      'INSIGHTO_CONNECTIONS must be at least 1',
      'ATOMS_BASE_URL must not carry credentials, a query or a fragment',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('take a secret from a file, and refuse two sources for one', () => {
    const file = fileWith('from-a-file\n');
    expect(readConfig({ ...bird, ROUTER_SECRET_FILE: file }).routerSecrets).toEqual(['from-a-file']);
    expect(problemsOf({ ...bird, ROUTER_SECRET_FILE: file, ROUTER_SECRET: 'x' })).toEqual([
      'ROUTER_SECRET and ROUTER_SECRET_FILE are both set: which one counts?',
    ]);
    expect(problemsOf({ ...bird, BIRD_ACCESS_KEY_FILE: join(directory, 'nowhere') })).toContain(
      'BIRD_ACCESS_KEY_FILE names a file that cannot be read (ENOENT)',
    );
  });

  it('take two router secrets and several encryption keys while they are rotated', () => {
    const other = Buffer.alloc(32, 2).toString('base64');
    const config = readConfig({
      ...bird,
      ROUTER_SECRET: 'new, old',
      LINKS_ENCRYPTION_KEY: `${key},${other}`,
    });
    expect(config.routerSecrets).toEqual(['new', 'old']);
    expect(config.links.keys.map((buffer) => buffer.toString('base64'))).toEqual([key, other]);
    expect(problemsOf({ ...bird, ROUTER_SECRET: 'a,b,c' })).toEqual([
      'ROUTER_SECRET must be one secret, or two while it is rotated',
    ]);
  });

  it('need the organization and its key together', () => {
    expect(problemsOf({ ...bird, BIRD_ORGANIZATION_ID: 'org' })).toEqual([
      'BIRD_ACCESS_KEY is missing: it goes with BIRD_ORGANIZATION_ID',
    ]);
    expect(problemsOf({ BIRD_ACCESS_KEY: 'key' })).toEqual([
      'BIRD_BASE_URL is missing',
      'BIRD_ORGANIZATION_ID is missing: it goes with BIRD_ACCESS_KEY',
    ]);
  });

  it.each(['api.bird.example', 'api.bird.example:443/v1', 'localhost:4010', '//api.bird.example'])(
    'name an address without a scheme beside whatever else is wrong: %s',
    (address) => {
      expect(problemsOf({ PORT: 'x', BIRD_BASE_URL: address })).toEqual([
        'PORT must be a whole number, in digits',
        'BIRD_BASE_URL must be an http(s) URL, beginning with https://',
      ]);
    },
  );

  it.each([
    ['https://bird.example:99999', 'has a port that is no number from 1 to 65535'],
    ['https://bird.example:0/v1', 'has a port that is no number from 1 to 65535'],
    ['https:///v1', 'names no host'],
    ['https://:443', 'names no host'],
    ['https://bird example', 'has a space or a backslash in its host'],
    ['https://a.example,https://b.example', 'names several hosts, and one is taken'],
    ['https://::1/v1', 'has an IPv6 address that is not in brackets, as in [::1]'],
    ['https://[::1', 'has an IPv6 address that is not in brackets, as in [::1]'],
  ])('say what is wrong with an address: %s', (address, problem) => {
    expect(problemsOf({ BIRD_BASE_URL: address })).toEqual([
      `BIRD_BASE_URL must be an http(s) URL, and this one ${problem}`,
    ]);
    expect(problemsOf({ ...bird, HTTPS_PROXY: address })).toEqual([
      expect.stringMatching(/^HTTPS_PROXY must be the http\(s\) URL of a proxy/),
    ]);
  });

  it.each(['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost', 'my_host.internal', 'fe80::1%eth0'])(
    'listen at %s',
    (HOST) => {
      expect(problemsOf({ ...bird, HOST })).toEqual([]);
    },
  );

  it.each([
    '[::]',
    '[::1]:4001',
    '0.0.0.0:4001',
    'localhost:4001',
    'http://0.0.0.0',
    '999.1.1.1',
    'a b',
    '*',
  ])('do not listen at %s, and say how it is written', (HOST) => {
    expect(problemsOf({ ...bird, HOST })).toEqual([
      expect.stringMatching(/^HOST must be a host name or an IP address alone/),
    ]);
  });

  it.each(['0x10', '1e3', '0b11', '4001.0', '+4001'])('take no number but in digits: PORT=%s', (port) => {
    expect(problemsOf({ ...bird, PORT: port })).toEqual(['PORT must be a whole number, in digits']);
  });

  it.each(['sqlite::Memory:', 'sqlite::memory', 'sqlite::'])('make no file of a slip such as %s', (url) => {
    expect(problemsOf({ ...bird, LINKS_URL: url })).toEqual([
      'LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…',
    ]);
  });

  it.each(['Bearer', 'bearer ', 'Token abc'])('take no access token of Ejento that is %j', (token) => {
    const ejento = { EJENTO_BASE_URL: 'https://ejento.example', EJENTO_SUBSCRIPTION_KEY: 'key' };
    expect(problemsOf({ ...bird, ...ejento, EJENTO_ACCESS_TOKEN: token })).toEqual([
      'EJENTO_ACCESS_TOKEN must be the token alone or Bearer and the token, in printable characters',
    ]);
  });

  it.each(['prod', 'Production', 'PRODUCTION', 'staging'])('do not guess what NODE_ENV=%s means', (text) => {
    expect(problemsOf({ ...bird, NODE_ENV: text })).toEqual([
      'NODE_ENV must be production, development or test, spelt like that, or not set at all',
    ]);
  });

  it.each(['test', 'development', ''])('take NODE_ENV=%s', (text) => {
    expect(readConfig({ ...bird, NODE_ENV: text }).production).toBe(false);
  });

  it('keep the metrics and the router apart', () => {
    expect(problemsOf({ ...bird, ROUTER_SECRET: 'new,old', METRICS_SECRET: 'other,old' })).toEqual([
      'METRICS_SECRET must be another than ROUTER_SECRET: it opens the metrics and nothing else',
    ]);
  });

  it('remember whose a token is for a minute at most', () => {
    expect(problemsOf({ ...bird, IDENTITY_CACHE_SECONDS: '61' })).toEqual([
      'IDENTITY_CACHE_SECONDS must be at most 60',
    ]);
  });

  it.each(['users:read openid', 'users:read,openid', ''])('name one scope of operators: %s', (scope) => {
    const problems = problemsOf({ ...bird, OPERATOR_SCOPE: scope });
    expect(problems).toEqual(
      scope === '' ? [] : ['OPERATOR_SCOPE must be one scope, without spaces or commas'],
    );
  });

  it('read an empty setting as an absent one', () => {
    expect(readConfig({ ...bird, PORT: ' ', EJENTO_BASE_URL: '' }).port).toBe(4001);
  });
});

describe('production', () => {
  it('closes introspection and the explorer, unless told otherwise', () => {
    expect(readConfig(production)).toMatchObject({ production: true, introspection: false, explorer: 'off' });
    const open = { ...production, INTROSPECTION: 'true', EXPLORER: 'altair' };
    expect(readConfig(open)).toMatchObject({ introspection: true, explorer: 'altair' });
  });

  it('takes what it demands from files', () => {
    const { ROUTER_SECRET, LINKS_ENCRYPTION_KEY, ...rest } = production;
    const files = {
      ROUTER_SECRET_FILE: fileWith(ROUTER_SECRET),
      LINKS_ENCRYPTION_KEY_FILE: fileWith(LINKS_ENCRYPTION_KEY),
    };
    expect(readConfig({ ...rest, ...files })).toMatchObject({
      production: true,
      routerSecrets: [drawn],
    });
  });

  it('demands the router secret, the encryption key and https, beside whatever else is wrong', () => {
    const wrong = { PORT: 'x', BIRD_BASE_URL: 'HTTP://127.0.0.1:1', EJENTO_BASE_URL: 'http://127.0.0.1:1' };
    expect(problemsOf({ NODE_ENV: 'production ', ...wrong })).toEqual([
      'PORT must be a whole number, in digits',
      'EJENTO_SUBSCRIPTION_KEY is missing',
      'EJENTO_ACCESS_TOKEN is missing',
      'ROUTER_SECRET is missing: production answers nobody but the gateway',
      'LINKS_ENCRYPTION_KEY is missing: production keeps no secret in plain text; make one with: openssl rand -base64 32',
      'BIRD_BASE_URL must be https in production (ALLOW_INSECURE_PROVIDERS=true lifts this, for tests on loopback)',
      'EJENTO_BASE_URL must be https in production (ALLOW_INSECURE_PROVIDERS=true lifts this, for tests on loopback)',
    ]);
    const onLoopback = {
      ...production,
      BIRD_BASE_URL: 'http://127.0.0.1:1',
      ALLOW_INSECURE_PROVIDERS: 'true',
    };
    expect(problemsOf(onLoopback)).toEqual([]);
  });

  it.each([
    ['ROUTER_SECRET', 'x'],
    ['ROUTER_SECRET', 'changeme'],
    ['ROUTER_SECRET', 'secret'],
    ['ROUTER_SECRET', `${drawn},changeme`],
    ['ROUTER_SECRET', 'a'.repeat(64)],
    ['ROUTER_SECRET', 'abc123'.repeat(10)],
    ['ROUTER_SECRET', 'please-change-me-please-1'],
    ['ROUTER_SECRET', 'my-secret-password-123'],
    ['ROUTER_SECRET', 'SECRET_SECRET_SECRET_SECRET'],
    ['METRICS_SECRET', 'secret-2024'],
    ['METRICS_SECRET', '1234567'],
  ])('refuses a %s that can be guessed: %s', (name, value) => {
    expect(problemsOf({ ...production, [name]: value })).toEqual([
      `${name} can be guessed: make one of at least 8 random characters with: openssl rand -hex 32 (ALLOW_WEAK_SECRETS=true lifts this)`,
    ]);
    expect(problemsOf({ ...production, [name]: value, ALLOW_WEAK_SECRETS: 'true' })).toEqual([]);
  });

  it('takes what chance draws as a secret, however it is written', () => {
    const drawns = Array.from({ length: 1_000 }, (_, at) =>
      createHash('sha256').update(`draw ${at}`).digest(),
    );
    for (const bytes of drawns)
      for (const secret of [
        bytes.toString('hex'),
        bytes.toString('base64'),
        bytes.toString('base64url', 0, 16),
      ])
        expect(problemsOf({ ...production, ROUTER_SECRET: secret })).toEqual([]);
  });

  it.each([
    ['zeros', Buffer.alloc(32)],
    ['one byte', Buffer.alloc(32, 0xff)],
    ['a word', Buffer.alloc(32, 'demo')],
    ['counting up', Buffer.from(Array.from({ length: 32 }, (_, at) => at + 250))],
    ['counting down', Buffer.from(Array.from({ length: 32 }, (_, at) => 99 - at))],
  ])('refuses a key that nobody drew: %s', (_name, guessable) => {
    const keys = `${key},${guessable.toString('base64')}`;
    expect(problemsOf({ ...production, LINKS_ENCRYPTION_KEY: keys })).toEqual([
      'LINKS_ENCRYPTION_KEY holds a key that can be guessed: make one with: openssl rand -base64 32 (ALLOW_WEAK_SECRETS=true lifts this)',
    ]);
    expect(problemsOf({ ...production, LINKS_ENCRYPTION_KEY: keys, ALLOW_WEAK_SECRETS: 'true' })).toEqual([]);
  });

  it('takes every key that chance makes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        fc.pre(
          new Set(bytes).size > 8 && new Set(bytes.map((byte, at) => byte - (bytes[at - 1] ?? 0))).size > 4,
        );
        const drawn = Buffer.from(bytes).toString('base64');
        expect(problemsOf({ ...production, LINKS_ENCRYPTION_KEY: drawn })).toEqual([]);
      }),
    );
  });

  it('refuses a Node that believes any server', () => {
    const blind = { ...production, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    expect(problemsOf(blind)).toEqual([expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED=0 believes/)]);
    expect(problemsOf({ ...blind, ALLOW_UNVERIFIED_TLS: 'true' })).toEqual([]);
  });

  describe('asks for TLS on the way to the links', () => {
    const on = (address: string) => `postgres://user:hunter2@${address}`;
    it.each([
      [on('localhost/links'), {}],
      [on('127.0.0.1:5433/links'), {}],
      [on('[::1]/links'), {}],
      [on('db.example/links?host=/var/run/postgresql'), {}],
      [on('db.example/links?sslmode=verify-full'), {}],
      [on('db.example/links?sslmode=require'), {}],
      [on('db.example/links?ssl=true'), {}],
      [on('db.example/links?uselibpqcompat=true&sslmode=verify-full'), {}],
      [on('db.example/links'), { PGSSLMODE: 'verify-full' }],
    ])('%s %o will do', (LINKS_URL, environment) => {
      expect(problemsOf({ ...production, LINKS_URL, ...environment })).toEqual([]);
    });

    const plain = /^LINKS_URL reaches another machine without TLS/;
    const unverified = /^LINKS_URL does not verify who the database is/;
    it.each([
      [on('db.example/links'), {}, plain],
      [on('db.example/links?sslmode=disable'), {}, plain],
      [on('db.example/links?ssl=false'), {}, plain],
      [on('db.example/links?sslmode=disable'), { PGSSLMODE: 'verify-full' }, plain],
      [on('db.example/links?sslmode=verify-full&sslmode=disable'), {}, plain],
      [on('localhost/links?host=db.example'), {}, plain],
      [on('127.0.0.1.example/links'), {}, plain],
      [on('db.example/links?sslmode=no-verify'), {}, unverified],
      [on('db.example/links?ssl=no-verify'), {}, unverified],
      [on('db.example/links'), { PGSSLMODE: 'no-verify' }, unverified],
      [on('db.example/links?uselibpqcompat=true&sslmode=require'), {}, unverified],
    ])('%s %o will not', (LINKS_URL, environment, message) => {
      const problems = problemsOf({ ...production, LINKS_URL, ...environment });
      expect(problems).toEqual([expect.stringMatching(message)]);
      expect(problems.join()).not.toContain('hunter2');
      expect(problemsOf({ ...production, LINKS_URL, ...environment, ALLOW_INSECURE_LINKS: 'true' })).toEqual(
        [],
      );
      expect(problemsOf({ ...bird, LINKS_URL, ...environment })).toEqual([]);
    });
  });
});
