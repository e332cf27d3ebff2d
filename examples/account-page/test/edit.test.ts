import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ada, REJECTED_NAME } from '../../../test/simulators/index.ts';
import { hold, openStage, section, type Stage } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

async function openForm(page: Page) {
  await page.getByRole('button', { name: 'Edit profile' }).click();
  return {
    field: (label: string) => page.getByLabel(label, { exact: true }),
    save: () => page.getByRole('button', { name: 'Save' }).click(),
    cancel: () => page.getByRole('button', { name: 'Cancel' }).click(),
  };
}

const focused = (page: Page) => page.locator(':focus');

test('a change is saved, said, and seen everywhere on the page', async () => {
  const { page, crashes } = await stage.visit({ as: 'demo-ada' });
  await section(page, 'Projects').getByText('Ada Lovelace').first().waitFor();
  const form = await openForm(page);
  expect(await focused(page).getAttribute('name')).toBe('name');
  await form.field('Name').fill('Ada King');
  await form.field('Bio').fill('Countess.\nOf Lovelace.');
  await form.save();

  await page.getByRole('status').getByText('Your profile is saved.').waitFor();
  expect(await focused(page).innerText()).toBe('Edit profile');
  await section(page, 'Profile').getByText('Ada King').waitFor();
  await page.getByRole('banner').getByText('Ada King').waitFor();
  await section(page, 'Projects').getByText('Ada King').first().waitFor();

  const [patch, ...more] = stage.bird.calls('PATCH', '/me');
  expect(more).toEqual([]);
  expect(JSON.parse(patch?.body ?? '')).toEqual({ name: 'Ada King', bio: 'Countess.\nOf Lovelace.' });
  expect(crashes).toEqual([]);
});

test('a refused value is explained at its field, and what was typed stays', async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  const form = await openForm(page);
  await form.field('Bio').fill('Keep this.');
  await form.field('Avatar').fill('picture.png');
  await form.field('Time zone').fill('Moon/Tranquility');
  await form.save();

  await page.getByText('An avatar is an absolute http or https URL.').waitFor();
  for (const [label, message] of [
    ['Avatar', 'An avatar is an absolute http or https URL.'],
    ['Time zone', 'A time zone is an IANA name, such as Europe/Amsterdam.'],
  ] as const) {
    expect(await form.field(label).getAttribute('aria-invalid')).toBe('true');
    const described = (await form.field(label).getAttribute('aria-describedby'))?.split(' ').at(-1);
    expect(await page.locator(`[id="${described}"]`).innerText()).toBe(message);
  }
  expect(await form.field('Name').getAttribute('aria-invalid')).toBe('false');
  expect(await focused(page).getAttribute('name')).toBe('avatarUrl');
  expect(await form.field('Bio').inputValue()).toBe('Keep this.');
  expect(stage.bird.count('PATCH')).toBe(0);

  await form.field('Avatar').fill('https://example.com/ada.png');
  await form.field('Time zone').fill('Europe/Amsterdam');
  await form.save();
  await section(page, 'Profile').getByText('Europe/Amsterdam', { exact: true }).waitFor();
  expect(await page.locator('[aria-invalid=true]').count()).toBe(0);
});

test("Bird's own refusal is explained at the field too", async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  const form = await openForm(page);
  await form.field('Name').fill(REJECTED_NAME);
  await form.save();
  await page.getByText('is not allowed').waitFor();
  expect(await form.field('Name').getAttribute('aria-invalid')).toBe('true');
});

test('when Bird is down, the form says so and keeps what was typed', async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  const form = await openForm(page);
  await form.field('Name').fill('Ada King');
  await stage.bird.isDown();
  await form.save();
  await page.getByRole('alert').getByText('Bird could not be reached.').waitFor();
  expect(await form.field('Name').inputValue()).toBe('Ada King');
  await stage.bird.recovers();
  await form.save();
  await page.getByText('Your profile is saved.').waitFor();
});

test('a change of unknown outcome is not called a failure, and the page shows what is', async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  const form = await openForm(page);
  await form.field('Name').fill('Ada King');
  stage.bird.resetsAfter({ method: 'PATCH', times: 1 });
  await form.save();
  await page.getByRole('alert').getByText('It is not known whether').waitFor();
  await form.cancel();
  await section(page, 'Profile').getByText('Ada King').waitFor();
});

test('a form that is being saved cannot be left', async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  const form = await openForm(page);
  await form.field('Name').fill('Ada King');
  const change = await hold(page, 'UpdateProfile');
  await form.save();
  await page.getByRole('button', { name: 'Saving…' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click({ force: true });
  expect(await form.field('Name').inputValue()).toBe('Ada King');
  await change.isLetGo();
  await page.getByText('Your profile is saved.').waitFor();
});

test('only what was changed is sent, whatever line breaks the rest has', async () => {
  stage.bird.answers(200, {
    method: 'GET',
    path: /^\/me$/,
    body: { ...stage.bird.user(ada), bio: 'one\r\ntwo' },
  });
  const { page } = await stage.visit({ as: 'demo-ada' });
  const form = await openForm(page);
  await form.field('Name').fill('Ada King');
  await form.save();
  await page.getByText('Your profile is saved.').waitFor();
  expect(JSON.parse(stage.bird.calls('PATCH')[0]?.body ?? '')).toEqual({ name: 'Ada King' });
});

test('nothing is sent when nothing was changed, or when editing is cancelled', async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  await (await openForm(page)).save();
  const form = await openForm(page);
  await form.field('Name').fill('Somebody Else');
  await form.cancel();
  expect(await focused(page).innerText()).toBe('Edit profile');
  await section(page, 'Profile').getByText('Ada Lovelace').waitFor();
  expect(stage.bird.count('PATCH')).toBe(0);
  expect(stage.bird.user(ada).name).toBe('Ada Lovelace');
});
