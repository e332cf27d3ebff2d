import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openStage, section, type Stage } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

test('somebody with everything sees everything', async () => {
  const { page, crashes } = await stage.visit({ as: 'demo-ada' });
  const expected = {
    Profile: [
      'Ada Lovelace',
      'Writes programs',
      'ada@example.com',
      'Not verified',
      'British English',
      '9 Feb 2023',
    ],
    Organization: ['Analytical Engines', 'analytical-engines.example', '20 Jan 2024'],
    Billing: [
      'Active',
      'paid for',
      'Pro',
      '1,250.5 voice credits',
      '10,000 queries credits',
      'On file',
      '1 May 2024',
    ],
    Sessions: ['Firefox on Linux', 'Safari on iOS', 'London, England, GB', '198.51.100.1', '198.51.100.2'],
    'Linked accounts': ['Joined on 30 Jan 2024', 'Enterprise account', '123 of 500 credits left'],
    Projects: ['Engine', 'Grace Hopper', 'Linus Torvalds', 'Compiler', 'Name unknown'],
  };
  for (const [title, texts] of Object.entries(expected)) {
    for (const text of texts) await section(page, title).getByText(text).first().waitFor();
  }
  expect(await page.title()).toBe('Your account');
  expect(crashes).toEqual([]);
});

test('somebody with as little as possible sees what is not there', async () => {
  const { page, crashes } = await stage.visit({ as: 'demo-linus' });
  await section(page, 'Profile').getByText('You have not written anything').waitFor();
  await section(page, 'Billing').getByText('No subscription').waitFor();
  await section(page, 'Sessions').getByText('Bird lists no sessions').waitFor();
  await section(page, 'Linked accounts').getByText('Not linked').waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  expect(crashes).toEqual([]);
});

test('somebody without an organization is told so', async () => {
  const { page } = await stage.visit({ as: 'demo-1042' });
  await section(page, 'Organization').getByText('You belong to no organization').waitFor();
});

test('a project of a hundred people unfolds', async () => {
  const { page } = await stage.visit({ as: 'demo-1001' });
  const projects = section(page, 'Projects');
  await projects.getByText('100 people').click();
  expect(await projects.getByRole('listitem').count()).toBe(100);
  expect(await projects.getByText('Name unknown').count()).toBe(0);
});

/** The people whose subscription is in each state; `on_hold` is one that Stripe might invent. */
const STATES = {
  'demo-1010': ['Active', 'There is nothing to do'],
  'demo-1001': ['Trial', 'have not paid yet'],
  'demo-1002': ['Payment overdue', 'Check your means of payment'],
  'demo-1003': ['Ended', 'subscribe again'],
  'demo-1004': ['Unpaid', 'not tried any more'],
  'demo-1005': ['First payment missing', 'within 23 hours'],
  'demo-1006': ['Never started', 'were not charged'],
  'demo-1007': ['Paused', 'Add one and resume'],
  'demo-1008': ['No subscription', 'paid through Stripe'],
  'demo-1009': ['Unclear', 'Do not count on it'],
} as const;

test.for(Object.entries(STATES))(
  'the subscription of %s has words: %s',
  async ([token, [label, meaning]]) => {
    const { page } = await stage.visit({ as: token });
    const billing = section(page, 'Billing');
    await billing.getByText(label, { exact: true }).waitFor();
    await billing.getByText(meaning).waitFor();
    expect(await billing.getByText('on_hold').count()).toBe(token === 'demo-1009' ? 1 : 0);
  },
);

const STATUSES = {
  'demo-1003': 'Not active yet',
  'demo-1004': 'Invited',
  'demo-1005': 'Banned',
  'demo-1006': 'Being deleted',
  'demo-1007': 'State unclear',
  'demo-1008': 'Active',
};

test.for(Object.entries(STATUSES))('the account of %s is called: %s', async ([token, label]) => {
  const { page } = await stage.visit({ as: token });
  await section(page, 'Profile').getByText(label, { exact: true }).waitFor();
});
