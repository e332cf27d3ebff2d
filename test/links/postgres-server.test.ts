import { expect, it } from 'vitest';
import { installedServers, startPostgres } from './postgres-server.ts';

it('fails, and says what was tried, where no server can be started', async () => {
  const none = startPostgres([async () => '/no/such/folder', () => Promise.reject(new Error('no package'))]);
  await expect(none).rejects.toThrow(
    /^No PostgreSQL server could be started for the tests\.\n.*\/no\/such\/folder\/initdb ENOENT\nno package$/,
  );
});

it('goes on to the next candidate when one fails', async () => {
  const tried: string[] = [];
  const failing = (name: string) => () => {
    tried.push(name);
    return Promise.reject(new Error(name));
  };
  await expect(startPostgres([failing('one'), failing('two')])).rejects.toThrow('one\ntwo');
  expect(tried).toEqual(['one', 'two']);
  expect(Array.isArray(installedServers())).toBe(true);
});
