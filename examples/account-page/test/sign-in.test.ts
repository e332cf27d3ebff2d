import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openStage, section, signIn, type Stage } from './support/stage.ts';

const root = join(import.meta.dirname, '..');
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

test('nobody is asked anything before there is a token', async () => {
  const { page, sent } = await stage.visit();
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.title()).toBe('Sign in');
  expect(sent).toEqual([]);
});

test('a token that Bird does not know leads back to the sign-in, with the reason', async () => {
  const { page } = await stage.visit({ as: 'not-a-token' });
  await page.getByRole('alert').getByText('Bird does not accept this login token').waitFor();
  await signIn(page, 'demo-grace');
  await section(page, 'Profile').getByText('Grace Hopper').waitFor();
});

test('what cannot be a token is not sent', async () => {
  const { page, sent } = await stage.visit({ as: 'demo-ada…' });
  const field = page.getByLabel('Bird login token');
  expect(await field.evaluate((element: HTMLInputElement) => element.validity.patternMismatch)).toBe(true);
  expect(sent).toEqual([]);
  await signIn(page, ' Bearer demo-ada ');
  await section(page, 'Profile').getByText('Ada Lovelace').waitFor();
});

test('a token outlives a reload, and is gone after signing out', async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  await page.reload();
  await section(page, 'Profile').getByText('Ada Lovelace').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.reload();
  await page.getByLabel('Bird login token').waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('the next person sees nothing of the one before', async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  await section(page, 'Profile').getByText('Ada Lovelace').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, 'demo-linus');
  await section(page, 'Profile').getByText('Linus Torvalds').waitFor();
  expect(await section(page, 'Profile').getByText('Ada').count()).toBe(0);
});

test('people of the demo are offered in development and to nobody else', async () => {
  const { page } = await stage.visit();
  expect(await page.getByText('demo').count()).toBe(0);
  const built = globSync('dist/assets/*.js', { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  );
  expect(built.some((text) => text.includes('Bird login token'))).toBe(true);
  expect(built.some((text) => text.includes('demo-ada'))).toBe(false);

  const server = await createServer({ root, server: { host: '127.0.0.1', port: 0 }, logLevel: 'warn' });
  await server.listen();
  try {
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await page.getByRole('button', { name: 'Grace Hopper' }).click();
    await section(page, 'Billing').getByText('Payment overdue').waitFor();
  } finally {
    await server.close();
  }
});
