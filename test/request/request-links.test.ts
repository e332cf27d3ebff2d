import { expect, it } from 'vitest';
import type { Links } from '../../src/links/links.ts';
import { Lifetime } from '../../src/http/lifetime.ts';
import { requestLinks } from '../../src/request/request-links.ts';

const pending = new Promise<never>(() => {});
const waiting = { isRemote: true, of: () => pending, usersOf: () => pending } as unknown as Links;

it.each(['before it begins', 'while it waits'])('a look-up ends with its operation, %s', async (when) => {
  const lifetime = new Lifetime();
  const links = requestLinks({ links: waiting, maxBatchSize: 500, lifetime });
  if (when === 'before it begins') lifetime.end('deadline');
  const asked = Promise.allSettled([links.linkOf('ejento', 'somebody'), links.userOf('ejento', '147')]);
  await new Promise(setImmediate); // DataLoader has asked
  lifetime.end('deadline');
  expect(await asked).toMatchObject([
    { status: 'rejected', reason: { name: 'LinksUnavailableError', code: 'DEADLINE' } },
    { status: 'rejected', reason: { name: 'LinksUnavailableError', code: 'DEADLINE' } },
  ]);
});

it('an operation that ends later ends no look-up that has ended', async () => {
  const links = {
    isRemote: true,
    of: async () => new Map(),
    usersOf: async () => Promise.reject(new Error('down')),
  };
  const lifetime = new Lifetime();
  const { linkOf, userOf } = requestLinks({ links: links as unknown as Links, maxBatchSize: 500, lifetime });
  const asked = Promise.allSettled([linkOf('ejento', 'somebody'), userOf('ejento', '147')]);
  const before = await asked;
  lifetime.end('deadline');
  expect(before).toMatchObject([
    { status: 'fulfilled', value: null },
    { status: 'rejected', reason: { message: 'down' } },
  ]);
});
