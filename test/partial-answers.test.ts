import { afterAll, beforeAll, expect, test } from 'vitest';
import { PartialAnswers } from '../contract/partial-answers.js';
import { startSubgraph, type Subgraph } from './support/subgraph.ts';

const QUERY = `{ me { __typename id name badges billing { __typename subscriptionStatus } } }`;
const user = { __typename: 'User', id: 'ada' };
const down = { message: 'Insighto could not be reached.', extensions: { retryable: true } };
const at = (...path: (string | number)[]) => ({ ...down, path });

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ INSIGHTO_RETRIES: '0' });
});
afterAll(() => subgraph.stop());

test('what was known stays while its provider is down, and whoever reads it is told why', async () => {
  const parts = new PartialAnswers();
  const ask = async () => parts.heard(await subgraph.ask(QUERY, { as: 'demo-ada' }), QUERY);
  const good = await ask();
  expect(good.me.billing.subscriptionStatus).toBe('ACTIVE');
  expect(parts.troubleAt(good.me, 'billing')).toBeUndefined();

  subgraph.insighto.fails();
  expect(await ask()).toEqual(good);
  expect(parts.troubleAt(good.me, 'billing')?.extensions).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  expect(await ask()).toEqual(good);

  await subgraph.insighto.recovers();
  await expect.poll(ask).toEqual(good);
  await expect.poll(async () => [await ask(), parts.troubleAt(good.me, 'billing')][1]).toBeUndefined();
});

test('one trouble is told at the same place of every query that leads to the object, and no other', () => {
  const parts = new PartialAnswers();
  parts.heard({ data: { user: { ...user, billing: null } }, errors: [at('user', 'billing')] }, 'user');
  expect(parts.troubleAt(user, 'billing')).toMatchObject(down);
  expect(parts.troubleAt(user, 'organization')).toBeUndefined();
  expect(parts.troubleAt({ ...user, id: 'grace' }, 'billing')).toBeUndefined();
  // Answers that say nothing of the field leave it; one that has it ends it.
  parts.heard({ data: { me: { ...user, name: 'Ada' } } }, 'name');
  expect(parts.troubleAt(user, 'billing')).toBeDefined();
  parts.heard({ data: { me: { ...user, billing: null } } }, 'me');
  expect(parts.troubleAt(user, 'billing')).toBeUndefined();
});

test('what is below an object without an id goes by the way to it', () => {
  const parts = new PartialAnswers();
  const data = { me: { ...user, billing: { isPaying: true, activePlan: null } } };
  parts.heard({ data, errors: [at('me', 'billing', 'activePlan')] });
  expect(parts.troubleAt(user, 'billing.activePlan')).toBeDefined();
  parts.heard({ data: { me: null }, errors: [at('me')] });
  expect(parts.troubleAt(undefined, 'me')).toBeDefined();
});

test.each([
  ['nothing was known', { me: user }, at('me', 'billing')],
  [
    'the error is for good',
    { me: { ...user, billing: { isPaying: true } } },
    { ...at('me', 'billing'), extensions: {} },
  ],
  [
    'it is somebody else now',
    { me: { ...user, id: 'grace', billing: { isPaying: true } } },
    at('me', 'billing'),
  ],
  ['the error has no path', { me: { ...user, billing: { isPaying: true } } }, down],
])('a null stays a null when %s', (_when, before, error) => {
  const parts = new PartialAnswers();
  parts.heard({ data: before }, 'query');
  const data = { me: { ...user, billing: null } };
  expect(parts.heard({ data, errors: [error] }, 'query')).toEqual(data);
});

test('what a change has answered anew is known no more; the rest is', () => {
  const parts = new PartialAnswers();
  const billing = { isPaying: true };
  parts.heard(
    { data: { me: { ...user, name: 'Ada', billing, friends: [{ ...user, name: 'Ada' }] } } },
    'query',
  );
  parts.heard({ data: { updateMe: { user: { ...user, name: 'Countess' } } } });
  const data = { me: { ...user, name: null, billing: null, friends: [{ ...user, name: null }] } };
  const errors = [at('me', 'name'), at('me', 'billing'), at('me', 'friends', 0, 'name')];
  expect(parts.heard({ data, errors }, 'query')).toEqual({ me: { ...data.me, billing } });
});

test('an entry of a list that has no id is nobody that was there', () => {
  const parts = new PartialAnswers();
  parts.heard({ data: { emails: [{ isVerified: true }] } }, 'query');
  const data = { emails: [{ isVerified: null }] };
  expect(parts.heard({ data, errors: [at('emails', 0, 'isVerified')] }, 'query')).toEqual(data);
});

test('a null in a list stands for nobody that was there', () => {
  const parts = new PartialAnswers();
  parts.heard({ data: { members: [user] } }, 'query');
  expect(parts.heard({ data: { members: [null] }, errors: [at('members', 0)] }, 'query')).toEqual({
    members: [null],
  });
});

test('an entry of a list keeps what was known of the same object only', () => {
  const parts = new PartialAnswers();
  const grace = { ...user, id: 'grace' };
  parts.heard(
    {
      data: {
        members: [
          { ...user, activeSessions: 0 },
          { ...grace, activeSessions: 2 },
        ],
      },
    },
    'query',
  );
  const now = {
    members: [
      { ...user, activeSessions: null },
      { ...user, id: 'new', activeSessions: null },
    ],
  };
  const errors = [at('members', 0, 'activeSessions'), at('members', 1, 'activeSessions')];
  expect(parts.heard({ data: now, errors }, 'query')).toEqual({
    members: [
      { ...user, activeSessions: 0 },
      { ...user, id: 'new', activeSessions: null },
    ],
  });
  expect(now.members[0]?.activeSessions).toBeNull();
});

test('a request without any answer forgets nothing, and one without me shows nothing of them', () => {
  const parts = new PartialAnswers();
  const good = { me: { ...user, billing: { isPaying: true } } };
  parts.heard({ data: good }, 'query');
  expect(parts.heard({ errors: [{ message: 'offline' }] }, 'query')).toBeUndefined();
  const failed = { me: { ...user, billing: null } };
  expect(parts.heard({ data: failed, errors: [at('me', 'billing')] }, 'query')).toEqual(good);
  expect(parts.heard({ data: { me: null } }, 'query')).toEqual({ me: null });
  expect(parts.heard({ data: failed, errors: [at('me', 'billing')] }, 'query')).toEqual(failed);
});

test('whoever listens is told of each answer', () => {
  const parts = new PartialAnswers();
  let told = 0;
  const stop = parts.subscribe(() => void told++);
  parts.heard({ data: {} });
  stop();
  parts.heard({ data: {} });
  expect(told).toBe(1);
});
