import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/settings/config.ts';

const bird = { BIRD_BASE_URL: 'https://api.bird.example' };
const key = Buffer.alloc(32, 1).toString('base64');
const production = { NODE_ENV: 'production', ROUTER_SECRET: 'a-secret', LINKS_ENCRYPTION_KEY: key, ...bird };

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
    const transport = { timeoutMs: 2500, connections: 128, queue: 2000, retries: 1 };
    expect(config.providers.upstreams.bird).toEqual({
      name: 'bird',
      baseUrl: bird.BIRD_BASE_URL,
      ...transport,
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
      'PORT must be a number',
      'LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent',
      'LINKS_URL must be sqlite:PATH, sqlite::memory: or postgres://…',
      'LINKS_ENCRYPTION_KEY must be 32 bytes in base64, for instance from: openssl rand -base64 32',
      'BIRD_BASE_URL is missing',
      'EJENTO_BASE_URL must be an http(s) URL',
      'EJENTO_SUBSCRIPTION_KEY is missing',
      'EJENTO_ACCESS_TOKEN must be printable characters, as in an HTTP header',
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
      'BIRD_ACCESS_KEY_FILE names a file that cannot be read',
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
    expect(config.links.keys.map((buffer) => buffer[0])).toEqual([1, 2]);
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
      routerSecrets: ['a-secret'],
    });
  });

  it('demands the router secret, the encryption key and https, beside whatever else is wrong', () => {
    const wrong = { PORT: 'x', BIRD_BASE_URL: 'HTTP://127.0.0.1:1', EJENTO_BASE_URL: 'http://127.0.0.1:1' };
    expect(problemsOf({ NODE_ENV: 'production ', ...wrong })).toEqual([
      'PORT must be a number',
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
});
