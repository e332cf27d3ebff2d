import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openStage, section, type Stage } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

/** Waits until the page waits for nothing, and has drawn it: what it asks on its own comes before that. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

test('two parts of the page hang on a provider that is down: both say so, and nobody asks again by itself', async () => {
  await stage.insighto.isDown();
  const { page, sent, crashes } = await stage.visit({ as: 'demo-ada' });
  await section(page, 'Billing').getByText('Insighto cannot be reached.').waitFor();
  await section(page, 'Linked accounts').getByText('Insighto cannot be reached.').waitFor();
  await section(page, 'Projects').getByRole('heading').first().waitFor();
  await settle(page);
  // Those without a text in vain: this gateway is told the text of each document once.
  const answered = () =>
    sent.filter(({ query }) => query !== undefined).map(({ operationName }) => operationName);
  expect(answered().toSorted()).toEqual(['Account', 'Projects']);

  // Parts that go and come back, and a window that is looked at again, ask for nothing.
  const profile = section(page, 'Profile');
  await profile.getByRole('button', { name: 'Edit profile' }).click();
  await profile.getByRole('button', { name: 'Cancel' }).click();
  await page.evaluate(() => ['focus', 'online'].map((name) => dispatchEvent(new Event(name))));
  await settle(page);
  expect(answered()).toHaveLength(2);
  await section(page, 'Billing').getByText('Insighto cannot be reached.').waitFor();
  expect(crashes).toEqual([]);
});

test('what was there stays while its provider is down, and both parts say that it is old', async () => {
  const { page, sent, crashes } = await stage.visit({ as: 'demo-grace' });
  const billing = section(page, 'Billing');
  const accounts = section(page, 'Linked accounts');
  await billing.getByText('Payment method').waitFor();
  const before = await billing.getByRole('term').count();
  const address = await accounts.getByText('@').nth(1).innerText();
  await settle(page);
  const asked = sent.length;

  // A change makes the page ask for everything that it shows of the person.
  await stage.insighto.isDown();
  await section(page, 'Profile').getByRole('button', { name: 'Edit profile' }).click();
  await page.getByLabel('Name').fill('Amazing Grace');
  await page.getByRole('button', { name: 'Save' }).click();
  await billing.getByText('Billing may be out of date. Insighto cannot be reached.').waitFor();
  await accounts.getByText('Your Insighto account may be out of date. Insighto cannot be reached.').waitFor();
  expect(await billing.getByRole('term').count()).toBe(before);
  expect(await accounts.getByText(address, { exact: true }).count()).toBeGreaterThan(0);
  await section(page, 'Profile').getByText('Amazing Grace').first().waitFor();
  await settle(page);
  const names = sent.slice(asked).map(({ operationName }) => operationName);
  expect([...new Set(names)].toSorted()).toEqual(['Account', 'Projects', 'UpdateProfile']);
  expect(names.filter((name) => name === 'Account')).toHaveLength(1);
  expect(crashes).toEqual([]);
});
