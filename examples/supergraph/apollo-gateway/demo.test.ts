import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

test('the demo prints a command that works, takes a provider down when told to, and ends when asked to', async () => {
  const demo = spawn(process.execPath, ['examples/supergraph/apollo-gateway/demo.ts'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void demo.kill('SIGKILL'));
  let printed = '';
  demo.stdout.setEncoding('utf8');
  const until = async (text: string) => {
    while (!printed.includes(text)) printed += String((await once(demo.stdout, 'data'))[0]);
  };

  await until('Ctrl-C ends.');
  const command = /^curl .*\\\n.*$/m.exec(printed)?.[0] ?? '';
  const ask = async () => JSON.parse((await promisify(execFile)('sh', ['-c', command])).stdout);
  const before = await ask();
  expect(before.errors).toBeUndefined();
  expect(before.data.me).toMatchObject({
    name: 'Ada Lovelace',
    organization: { name: 'Analytical Engines', projects: [{ name: 'Engine' }] },
    billing: { subscriptionStatus: 'ACTIVE' },
  });

  const [gateway] = /http:\/\/[^/]+/.exec(command) ?? [];
  expect((await fetch(`${gateway}//`)).status).toBe(404); // no URL by itself

  demo.stdin.write('Robot\n');
  await until('There is no provider “Robot”: bird, ejento, insighto, atoms.');

  demo.stdin.write(' EJENTO \n');
  await until('ejento is down');
  const after = await ask();
  expect(after.data.me).toMatchObject({ name: 'Ada Lovelace', organization: null });
  expect(after.errors[0].extensions.code).toBe('PROVIDER_UNAVAILABLE');

  demo.stdin.write('ejento\n');
  await until('ejento is up');

  demo.kill('SIGTERM');
  expect(await once(demo, 'exit')).toEqual([0, null]);
});
