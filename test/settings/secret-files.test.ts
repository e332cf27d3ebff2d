import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { followSecretFiles } from '../../src/settings/secret-files.ts';
import { ada } from '../simulators/index.ts';
import { startSubgraph } from '../support/subgraph.ts';

const directory = mkdtempSync(join(tmpdir(), 'secret-files-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = (name: string) => join(directory, name);
const write = (name: string, text: string) => writeFileSync(file(name), `${text}\n`);

const key = Buffer.alloc(32, 7).toString('base64');
const nextKey = 'Y2hhbmNlIG1hZGUgdGhlc2UgdGhpcnR5LXR3byAhISE=';
const first = {
  router: 'the-first-router-secret',
  token: 'ejento-first',
  links: key,
  metrics: 'the-first-of-metrics',
};

beforeEach(() => {
  for (const [name, text] of Object.entries(first)) write(name, text);
});

async function start() {
  const settings = {
    ROUTER_SECRET_FILE: file('router'),
    METRICS_SECRET: undefined,
    METRICS_SECRET_FILE: file('metrics'),
    EJENTO_ACCESS_TOKEN: undefined,
    EJENTO_ACCESS_TOKEN_FILE: file('token'),
    LINKS_ENCRYPTION_KEY: undefined,
    LINKS_ENCRYPTION_KEY_FILE: file('links'),
  };
  const subgraph = await startSubgraph(settings);
  onTestFinished(() => subgraph.stop());
  const told: { level: string; fields: object }[] = [];
  const log = {
    info: (fields: object) => void told.push({ level: 'info', fields }),
    error: (fields: object) => void told.push({ level: 'error', fields }),
  };
  const { config, links } = subgraph;
  const environment = { ...subgraph.settings(), LINKS_URL: 'sqlite::memory:', ...settings };
  const look = followSecretFiles({ config, renewLinks: (to) => links.renew(to), log }, environment);
  const ask = async (secret: string, query = '{ me { name } }') => {
    const { status, errors } = await subgraph.ask(query, {
      as: ada.token,
      headers: { 'router-authorization': secret },
    });
    return status === 200 && errors.length === 0;
  };
  return { subgraph, told, ask, look: async () => look?.() };
}

it('a router secret that is rotated in its file opens without a restart, and the one before does not', async () => {
  const { ask, look, told } = await start();
  expect(await ask(first.router)).toBe(true);
  write('router', 'the-next-router-secret,the-first-router-secret');
  await look();
  await look();
  expect([await ask(first.router), await ask('the-next-router-secret')]).toEqual([true, true]);
  write('router', 'the-next-router-secret');
  await look();
  await look();
  expect([await ask(first.router), await ask('the-next-router-secret')]).toEqual([false, true]);
  expect(told).toMatchObject(Array(2).fill({ level: 'info', fields: { changed: ['ROUTER_SECRET_FILE'] } }));
});

it("a provider's key that is rotated goes out with the next call", async () => {
  const { subgraph, ask, look } = await start();
  write('token', 'ejento-next');
  await look();
  await look();
  await ask(first.router, '{ me { organization { name } } }');
  expect(subgraph.ejento.requests.at(-1)?.headers['authorization']).toBe('Bearer ejento-next');
});

it('the metrics follow theirs', async () => {
  const { subgraph, look } = await start();
  write('metrics', 'the-next-of-metrics');
  await look();
  await look();
  const statusOf = async (secret: string) =>
    (await fetch(`${subgraph.url}/metrics`, { headers: { authorization: `Bearer ${secret}` } })).status;
  expect([await statusOf(first.metrics), await statusOf('the-next-of-metrics')]).toEqual([403, 200]);
});

it('keys of the links follow, and one that is still needed is not dropped', async () => {
  const { ask, look, told } = await start();
  write('links', `${nextKey},${key}`);
  await look();
  await look();
  expect(await ask(first.router, '{ me { billing { isPaying } } }')).toBe(true);
  write('links', nextKey);
  await look();
  await look();
  expect(told.at(-1)).toMatchObject({
    level: 'error',
    fields: { problems: [expect.stringContaining('LINKS_ENCRYPTION_KEY does not hold')] },
  });
  expect(await ask(first.router, '{ me { billing { isPaying } } }')).toBe(true);
});

it('what cannot be right changes nothing and is told once, without the value', async () => {
  const { ask, look, told } = await start();
  write('router', 'a,b,c');
  for (let time = 0; time < 4; time++) await look();
  rmSync(file('token'));
  for (let time = 0; time < 4; time++) await look();
  expect(await ask(first.router)).toBe(true);
  expect(told.map(({ level }) => level)).toEqual(['error', 'error']);
  expect(JSON.stringify(told)).toContain('ROUTER_SECRET must be one secret, or two while it is rotated');
  expect(JSON.stringify(told)).not.toContain('a,b,c');
});

it('one that cannot be right holds up none of the others, whenever it is there, and is the one that is named', async () => {
  const { ask, look, told, subgraph } = await start();
  write('router', 'a,b,c');
  write('token', 'ejento-next');
  await look();
  await look();
  write('metrics', 'the-next-of-metrics');
  await look();
  await look();
  await ask(first.router, '{ me { organization { name } } }');
  expect(subgraph.ejento.requests.at(-1)?.headers['authorization']).toBe('Bearer ejento-next');
  expect(told).toMatchObject([
    { level: 'error', fields: { changed: ['ROUTER_SECRET_FILE'] } },
    { level: 'info', fields: { changed: ['EJENTO_ACCESS_TOKEN_FILE'] } },
    { level: 'info', fields: { changed: ['METRICS_SECRET_FILE'] } },
  ]);
  write('router', 'the-next-router-secret');
  await look();
  await look();
  expect(await ask('the-next-router-secret')).toBe(true);
});

it('one that cannot be read is named as such, and holds up none', async () => {
  const { ask, look, told } = await start();
  rmSync(file('token'));
  write('router', 'the-next-router-secret');
  await look();
  await look();
  expect(await ask('the-next-router-secret')).toBe(true);
  expect(told).toMatchObject([
    { level: 'info', fields: { changed: ['ROUTER_SECRET_FILE'] } },
    {
      level: 'error',
      fields: {
        changed: ['EJENTO_ACCESS_TOKEN_FILE'],
        problems: expect.arrayContaining([
          expect.stringMatching(/^EJENTO_ACCESS_TOKEN_FILE names a file that cannot be read/),
        ]),
      },
    },
  ]);
});

it('two that are only right together are taken together', async () => {
  const { ask, look, told } = await start();
  write('router', first.metrics);
  write('metrics', first.router);
  await look();
  await look();
  expect(told).toMatchObject([{ level: 'info' }]);
  expect([await ask(first.router), await ask(first.metrics)]).toEqual([false, true]);
});

it('a file that is being written is not taken before it stands still', async () => {
  const { ask, look, told } = await start();
  write('router', 'half-of-a-secret');
  await look();
  write('router', 'half-of-a-secret-and-the-rest');
  await look();
  expect([await ask(first.router), told]).toEqual([true, []]);
  await look();
  expect(await ask('half-of-a-secret-and-the-rest')).toBe(true);
});
