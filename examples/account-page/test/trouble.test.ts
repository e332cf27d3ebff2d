import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { composeSupergraph } from '../../supergraph/supergraph.ts';
import { openStage, section, type Stage } from './support/stage.ts';

/** Where nobody listens. */
const nowhere = 'http://127.0.0.1:1/graphql';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

test('a provider that is down costs its own part of the page, and a retry brings it back', async () => {
  await stage.insighto.isDown();
  const { page, crashes } = await stage.visit({ as: 'demo-ada' });
  const billing = section(page, 'Billing');
  await billing.getByText('Billing is not available right now. Insighto cannot be reached.').waitFor();
  await section(page, 'Linked accounts')
    .getByText('Your Insighto account is not available right now.')
    .waitFor();
  await section(page, 'Profile').getByText('Ada Lovelace').waitFor();
  await section(page, 'Organization').getByText('Analytical Engines').waitFor();
  await section(page, 'Linked accounts').getByText('123 of 500 credits left').waitFor();

  const retry = billing.getByRole('button', { name: 'Try again' });
  const answer = page.waitForResponse('**/graphql');
  await retry.click();
  await answer;
  await billing.getByText('Billing is not available right now.').waitFor();

  await stage.insighto.recovers();
  await retry.focus();
  await vi.waitUntil(
    async () => {
      if (await retry.isVisible()) await page.keyboard.press('Enter');
      return billing.getByText('There is nothing to do').isVisible();
    },
    { timeout: 20_000, interval: 250 },
  );
  expect(await page.locator(':focus').innerText()).toBe('Billing');
  expect(crashes).toEqual([]);
});

test('the plan and the subscription at Atoms can be missing by themselves', async () => {
  stage.insighto.fails({ path: '/api/v1/agency/billing/' });
  stage.atoms.rateLimits(30, { path: '/atoms/v1/user/subscription' });
  const { page } = await stage.visit({ as: 'demo-ada' });
  await section(page, 'Billing').getByText('Your plan is not available right now.').waitFor();
  await section(page, 'Billing').getByText('There is nothing to do').waitFor();
  const accounts = section(page, 'Linked accounts');
  await accounts.getByText('The Atoms subscription is not available right now.').waitFor();
  await accounts.getByText('Atoms is being asked too often. Try again in 30 seconds.').waitFor();
});

test('a slow provider and an unusable answer are told apart', async () => {
  stage.insighto.neverAnswers({ path: '/api/v1/user' });
  stage.ejento.answersHalf();
  const { page } = await stage.visit({ as: 'demo-grace' });
  await section(page, 'Billing').getByText('Insighto took too long to answer.').waitFor();
  await section(page, 'Organization').getByText('Ejento gave an unusable answer.').waitFor();
});

test.for([
  ['isUnauthorized', 'Insighto did not accept the credentials it was given.'],
  ['forbids', 'Insighto refused: the key it was given may not do this, or a limit'],
] as const)('no retry is offered where it cannot help: %s', async ([fault, why]) => {
  stage.insighto[fault]();
  const { page } = await stage.visit({ as: 'demo-ada' });
  const billing = section(page, 'Billing');
  await billing.getByText(`Billing cannot be shown. ${why}`).waitFor();
  expect(await billing.getByRole('button').count()).toBe(0);
});

test('when Bird cannot say who it is, the token is kept and a retry is offered', async () => {
  await stage.bird.isDown();
  const { page } = await stage.visit({ as: 'demo-1020' });
  await page.getByText('Your account is not available right now. Bird cannot be reached.').waitFor();
  expect(await page.getByLabel('Bird login token').count()).toBe(0);
  await stage.bird.recovers();
  const retry = page.getByRole('button', { name: 'Try again' });
  const profile = section(page, 'Profile');
  await vi.waitUntil(
    async () => {
      if (await retry.isVisible()) await retry.click();
      return profile.getByText('Known as number 1020.').isVisible();
    },
    { timeout: 20_000, interval: 250 },
  );
});

test('when Bird goes down after it has said who it is, the rest is still there', async () => {
  const { page } = await stage.visit({ as: 'demo-ada' });
  await section(page, 'Profile').getByText('Ada Lovelace').waitFor();
  await stage.bird.isDown();
  await page.reload();
  await section(page, 'Profile').getByText('Your profile is not available right now.').waitFor();
  await section(page, 'Sessions')
    .getByText('The list of your sessions is not available right now.')
    .waitFor();
  await section(page, 'Projects').getByText('A part of the list of people is not available').waitFor();
  await section(page, 'Organization').getByText('Analytical Engines').waitFor();
  await section(page, 'Billing').getByText('There is nothing to do').waitFor();
});

test('without an answer from the gateway, the page says so and can ask again', async () => {
  const { page } = await stage.visit();
  await page.context().setOffline(true);
  await page.getByLabel('Bird login token').fill('demo-ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('There was no usable answer: the service is not there').waitFor();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await section(page, 'Profile').getByText('Ada Lovelace').waitFor();
});

test('without the users subgraph there is nothing to show, and no address in what is said', async () => {
  const half = await openStage({ compose: (urls) => composeSupergraph({ ...urls, users: nowhere }) });
  try {
    const { page } = await half.visit({ as: 'demo-ada' });
    await page.getByText('Your account is not available right now. Something went wrong').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('127.0.0.1');
  } finally {
    await half.close();
  }
});

test('without its second subgraph, the supergraph still shows the account', async () => {
  const half = await openStage({ compose: (urls) => composeSupergraph({ ...urls, projects: nowhere }) });
  try {
    const { page } = await half.visit({ as: 'demo-ada' });
    await section(page, 'Profile').getByText('Ada Lovelace').waitFor();
    await section(page, 'Projects')
      .getByText('The list of your projects is not available right now.')
      .waitFor();
  } finally {
    await half.close();
  }
});
