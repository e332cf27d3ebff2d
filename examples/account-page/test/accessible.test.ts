import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openStage, section, signIn, type Stage, type Visit } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

/** What axe finds wrong, as `rule: element`. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}

/** How far the page can be scrolled sideways, in pixels. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const VISITS: Visit[] = [
  { width: 1200, colorScheme: 'light' },
  { width: 1200, colorScheme: 'dark' },
  { width: 360, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
];

test.for(VISITS)('no barriers and no sideways scrolling: %o', async (visit) => {
  const { page } = await stage.visit({ ...visit, reducedMotion: 'reduce' });
  const check = async (where: string) => {
    // Not as a script of the page, which its policy would refuse.
    await page.evaluate(axe.source);
    expect({ where, barriers: await barriers(page) }).toEqual({ where, barriers: [] });
    expect({ where, overflow: await overflow(page) }).toEqual({ where, overflow: 0 });
  };
  await check('sign-in');

  stage.insighto.unavailable(90);
  await signIn(page, 'demo-ada');
  await section(page, 'Projects').getByText('Grace Hopper').first().waitFor();
  await check('a provider down');
  await stage.insighto.recovers();

  await page.getByRole('button', { name: 'Edit profile' }).click();
  await page.getByLabel('Name').fill(' ');
  await page.getByLabel('Locale').fill('?');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('A name cannot be blank.').waitFor();
  await check('field errors');
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Delete account…' }).click();
  await check('the dialog');
  await page.getByLabel('Type delete').fill('delete');
  await check('the dialog, confirmed');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, 'nobody');
  await page.getByText('Bird does not accept').waitFor();
  await check('refused');
});

test('everything can be reached and done by keyboard', async () => {
  const { page } = await stage.visit();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const focused = () => page.locator(':focus').evaluate((element) => element.textContent || element.tagName);

  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await press('Tab');
  await page.keyboard.type('demo-linus');
  await press('Enter');
  await section(page, 'Profile').getByText('Linus Torvalds').waitFor();
  expect(await focused()).toBe('Your account');
  await press('Tab');
  expect(await focused()).toBe('Sign out');
  await press('Tab');
  expect(await focused()).toBe('Edit profile');
  await press('Enter');
  await page.keyboard.type('Linus B. Torvalds');
  await press('Enter');
  await page.getByText('Your profile is saved.').waitFor();
  expect(await focused()).toBe('Edit profile');
  for (const text of ['Unlink Insighto…', 'Link your Atoms account…', 'Delete account…']) {
    await press('Tab');
    expect(await focused()).toBe(text);
  }
  await press('Enter', 'Tab', 'Enter');
  expect(await focused()).toBe('Delete account…');
});

test('a long name and a long word break instead of widening the page', async () => {
  const { page } = await stage.visit({ as: 'demo-1050', width: 360 });
  await page.getByRole('button', { name: 'Edit profile' }).click();
  await page.getByLabel('Name').fill('N'.repeat(100));
  await page.getByLabel('Bio').fill('b'.repeat(500));
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your profile is saved.').waitFor();
  expect(await overflow(page)).toBe(0);
});

test('somebody who wants less motion gets none', async () => {
  const { page } = await stage.visit({ as: 'demo-ada', reducedMotion: 'reduce' });
  const button = page.getByRole('button', { name: 'Edit profile' });
  expect(await button.evaluate((element) => getComputedStyle(element).transitionDuration)).toBe('0s');
});
