import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { linus, numbered } from '../../../test/simulators/index.ts';
import { openStage, section, type Stage } from './support/stage.ts';

/** Has accounts at Insighto and Atoms. */
const somebody = numbered(1_050);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(() => stage.clear());
afterEach(() => stage.clear());
afterAll(() => stage.close());

test('an account is unlinked and linked again, with the keyboard alone', async () => {
  const { page, crashes } = await stage.visit({ as: somebody.token });
  const accounts = section(page, 'Linked accounts');
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  await accounts.getByRole('button', { name: 'Unlink Insighto…' }).focus();
  await press('Enter');
  expect(await page.locator(':focus').innerText()).toBe('Unlink Insighto');
  await press('Tab', 'Enter'); // Keep it
  expect(await page.locator(':focus').innerText()).toBe('Unlink Insighto…');
  await press('Enter', 'Enter');
  await accounts.getByText('Your Insighto account is not linked any more.').waitFor();
  await accounts.getByText('Not linked', { exact: true }).waitFor();

  await accounts.getByRole('button', { name: 'Link your Insighto account…' }).focus();
  await press('Enter');
  expect(await page.locator(':focus').getAttribute('type')).toBe('password');
  await page.keyboard.insertText('in-of-nobody-planted');
  await press('Enter');
  await accounts.getByRole('alert').getByText('does not take this key').waitFor();
  expect(await page.locator(':focus').getAttribute('aria-invalid')).toBe('true');
  await press('ControlOrMeta+a');
  await page.keyboard.insertText(` ${somebody.insighto.key} `);
  await press('Enter');
  await accounts.getByText('Your Insighto account is linked.').waitFor();
  await accounts.getByRole('button', { name: 'Unlink Insighto…' }).waitFor();
  expect(crashes).toEqual([]);
});

test('what cannot be linked is said in place, and what was there stays', async () => {
  const { page } = await stage.visit({ as: linus.token });
  const accounts = section(page, 'Linked accounts');
  const before = stage.atoms.received;
  await accounts.getByRole('button', { name: 'Link your Atoms account…' }).click();
  const verify = accounts.getByRole('button', { name: 'Verify and link' });

  await verify.click();
  await accounts.getByText('Paste the key first.').waitFor();
  expect(stage.atoms.received).toBe(before);

  await accounts.getByLabel('Your Atoms API key').fill(somebody.atoms?.key ?? '');
  await verify.click();
  await accounts.getByText('linked to somebody already').waitFor();

  await stage.atoms.isDown();
  await verify.click();
  await accounts.getByText('Atoms could not be reached').waitFor();
  await accounts.getByRole('button', { name: 'Cancel' }).click();
  await accounts.getByText('Not linked', { exact: true }).waitFor();
});

test('there is no button where nothing can be proved', async () => {
  const { page } = await stage.visit({ as: linus.token });
  const accounts = section(page, 'Linked accounts');
  await accounts.getByRole('button', { name: 'Unlink Insighto…' }).waitFor();
  expect(await accounts.getByRole('button', { name: /Ejento/ }).count()).toBe(0);
});
