import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { hold, openStage, section, signIn, type Stage } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

async function openDialog(page: Page) {
  await page.getByRole('button', { name: 'Delete account…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete your account for good?' });
  await dialog.waitFor();
  return {
    dialog,
    word: dialog.getByLabel('Type delete to confirm'),
    confirm: dialog.getByRole('button', { name: 'Delete my account' }),
  };
}

test('the word has to be typed, and every way out leaves the account as it is', async () => {
  const { page } = await stage.visit({ as: 'demo-1030' });
  let { dialog, word, confirm } = await openDialog(page);
  expect(await word.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await confirm.isDisabled()).toBe(true);
  await word.fill('delet');
  await page.keyboard.press('Enter');
  expect(await confirm.isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.locator(':focus').innerText()).toBe('Delete account…');

  ({ dialog, word, confirm } = await openDialog(page));
  expect(await word.inputValue()).toBe('');
  await word.fill('Delete');
  expect(await confirm.isEnabled()).toBe(true);
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(stage.bird.count('DELETE')).toBe(0);
});

test('a deletion that Bird refuses is explained, and the account is still there', async () => {
  const { page } = await stage.visit({ as: 'demo-1031' });
  const { dialog, word, confirm } = await openDialog(page);
  stage.bird.forbids({ method: 'DELETE', times: 1 });
  await word.fill('delete');
  await confirm.click();
  await dialog.getByRole('alert').getByText('Bird refused: the key it was given may not do this').waitFor();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await section(page, 'Profile').getByText('Known as number 1031.').waitFor();
  await section(page, 'Organization').getByText('since').waitFor();
});

test('there is no way out while it is under way, and somebody else who comes meanwhile stays', async () => {
  const { page } = await stage.visit({ as: 'demo-1033' });
  const { dialog, word, confirm } = await openDialog(page);
  const deletion = await hold(page, 'DeleteAccount');
  await word.fill('delete');
  await confirm.click();
  await dialog.getByRole('button', { name: 'Deleting…' }).waitFor();
  await dialog.getByRole('button', { name: 'Keep it' }).click({ force: true });
  await page.keyboard.press('Escape');
  expect(await dialog.isVisible()).toBe(true);

  // What a browser lets somebody do all the same.
  await dialog.evaluate((element: HTMLDialogElement) => element.close());
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, 'demo-grace');
  await section(page, 'Profile').getByText('Grace Hopper').waitFor();
  await deletion.isLetGo();
  await page.reload();
  await section(page, 'Profile').getByText('Grace Hopper').waitFor();
  expect(stage.bird.count('DELETE')).toBe(1);
});

test('a confirmed deletion is sent once, signs out and says what happens', async () => {
  const { page, crashes } = await stage.visit({ as: 'demo-1032' });
  const { word, confirm } = await openDialog(page);
  await word.fill('delete');
  await confirm.click();
  const heading = page.getByRole('heading', { name: 'Your account is being deleted' });
  await heading.waitFor();
  expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByText('The links to your accounts at Ejento, Insighto and Atoms are removed.').waitFor();
  expect(stage.bird.count('DELETE', '/me')).toBe(1);

  await page.reload();
  await signIn(page, 'demo-1032');
  await page.getByText('Bird does not accept this login token').waitFor();
  expect(crashes).toEqual([]);
});

test('while Bird carries out a deletion, nothing is linked any more and other people are private', async () => {
  stage.bird.keepsDeleted();
  const { page } = await stage.visit({ as: 'demo-linus' });
  const { word, confirm } = await openDialog(page);
  await word.fill('delete');
  await confirm.click();
  await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
  await signIn(page, 'demo-linus');
  await section(page, 'Profile').getByText('Being deleted').waitFor();
  await section(page, 'Billing').getByText('no account at Insighto, or it is not linked').waitFor();
  expect(await section(page, 'Linked accounts').getByText('Not linked').count()).toBe(3);
  const projects = section(page, 'Projects');
  await projects.getByText('A part of the list of people is private. Only members may see').waitFor();
  expect(await projects.getByRole('button').count()).toBe(0);
  expect(await projects.getByText('Grace Hopper').count()).toBe(0);
});
