import { expect, it, vi } from 'vitest';
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

it('a look-up that has ended leaves its operation nothing to end', async () => {
  const links = {
    isRemote: true,
    of: async () => new Map(),
    usersOf: async () => Promise.reject(new Error('down')),
  };
  const lifetime = new Lifetime();
  const [begun, ended] = [vi.spyOn(lifetime, 'add'), vi.spyOn(lifetime, 'delete')];
  const { linkOf, userOf } = requestLinks({ links: links as unknown as Links, maxBatchSize: 500, lifetime });
  await Promise.allSettled([linkOf('ejento', 'somebody'), userOf('ejento', '147')]);
  expect(begun).toHaveBeenCalledTimes(2);
  expect(ended.mock.calls).toEqual(begun.mock.calls);
});
