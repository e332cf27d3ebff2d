import { afterAll, beforeEach, expect, test } from 'vitest';
import { ada, grace, linus, numbered, REJECTED_NAME, startSimulators, stranger } from './index.ts';

const simulators = await startSimulators();
const { bird } = simulators;
const settings = simulators.settings();
afterAll(() => simulators.close());
beforeEach(() => simulators.reset());

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const asAda = as('demo-ada');
const json = { 'content-type': 'application/json' };

async function ask(path: string, init?: RequestInit) {
  const answer = await fetch(bird.url + path, init);
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}
const me = (token = 'demo-ada') => ask('/me', { headers: as(token) });
const patch = (change: object | string) =>
  ask('/me', {
    method: 'PATCH',
    headers: { ...asAda, ...json },
    body: typeof change === 'string' ? change : JSON.stringify(change),
  });
const users = (query: string, key = settings['BIRD_ACCESS_KEY']) =>
  ask(`/organizations/${settings['BIRD_ORGANIZATION_ID']}/users?${query}`, {
    headers: { authorization: `AccessKey ${key}` },
  });
const idsIn = (body: unknown) =>
  (body as { results: { user: { id: string } }[] }).results.map(({ user }) => user.id);

test('/me is a bare object about the owner of the token', async () => {
  expect(await me()).toEqual({
    status: 200,
    body: {
      id: '00000000-0000-4000-8000-000000000ada',
      name: 'Ada Lovelace',
      status: 'active',
      createdAt: '2023-02-09T16:26:20.379Z',
      updatedAt: '2024-05-01T10:00:00.123Z',
      activeSessions: 2,
      bio: 'Writes programs for engines that do not exist yet.',
      avatarUrl: 'https://avatars.example.com/1.png',
      defaultEmail: 'ada@example.com',
      phoneNumber: '+4420794000001',
      locale: 'en-GB',
      timezone: 'Europe/London',
      emails: [
        expect.objectContaining({ email: 'ada@example.com', passwordSet: true, tokenSet: false }),
        expect.objectContaining({ email: 'ada.lovelace@example.org', verified: false }),
      ],
      identities: [expect.objectContaining({ provider: 'google', email: 'ada@example.com' })],
      phoneNumbers: [expect.objectContaining({ phoneNumber: '+4420794000001', primary: true })],
      badges: ['messagebird:cx'],
      userFraudInformation: { score: 0.25, userId: ada.userId },
    },
  });
});

test('of Linus Bird has nothing that it does not have to', async () => {
  expect(await me('demo-linus')).toEqual({
    status: 200,
    body: {
      id: linus.userId,
      name: 'Linus Torvalds',
      status: 'active',
      createdAt: '2023-02-09T16:26:20.379Z',
      updatedAt: '2024-05-01T10:00:00.123Z',
      bio: null,
      avatarUrl: null,
      phoneNumber: '',
      locale: null,
      identities: [],
    },
  });
});

test('a token that is missing, unknown or not a bearer’s is a 401 in JSON', async () => {
  const refused = { status: 401, body: { code: 'Unauthorized', message: 'Unauthorized' } };
  expect(await ask('/me')).toEqual(refused);
  expect(await me('demo-nobody')).toEqual(refused);
  expect(await ask('/me', { headers: { authorization: 'Digest demo-ada' } })).toEqual(refused);
  const { status } = await ask(`/organizations/${settings['BIRD_ORGANIZATION_ID']}/users`);
  expect(status).toBe(401);
});

test('another key than the organization’s own may not do this', async () => {
  const refused = { status: 403, body: { code: 'Forbidden', message: 'Access denied' } };
  expect(await users('limit=1', 'wrong')).toEqual(refused);
});

test('sessions are a bare array', async () => {
  const { body } = await ask('/me/sessions', { headers: asAda });
  expect(body).toHaveLength(2);
  expect(body).toContainEqual({
    userId: ada.userId,
    tokenId: 'b1bd0004-0000-4000-9000-000000000001',
    ip: '198.51.100.1',
    userAgent: expect.stringContaining('Firefox'),
    country: 'GB',
    region: 'England',
    city: 'London',
    createdAt: '2023-02-09T16:26:20.379Z',
    updatedAt: '2024-05-01T10:00:00.123Z',
  });
});

test('a PATCH changes what it names and updatedAt, wherever the user is shown', async () => {
  const { body: before } = await me();
  const changed = { ...(before as object), bio: 'New', updatedAt: '2024-05-01T10:00:01.123Z' };
  expect(await patch({ bio: 'New' })).toEqual({ status: 200, body: changed });
  expect(await me()).toEqual({ status: 200, body: changed });
  expect((await users(`userIds=${ada.userId}`)).body).toMatchObject({ results: [{ user: changed }] });
  expect((await patch({ name: 'Countess' })).body).toMatchObject({
    bio: 'New',
    updatedAt: '2024-05-01T10:00:02.123Z',
  });
  await simulators.reset();
  expect(await me()).toEqual({ status: 200, body: before });
});

test('a PATCH with a bad value is a 422 that says where, and changes nothing', async () => {
  const { body: before } = await me();
  expect(await patch({ bio: 'New', name: 'x'.repeat(101), shoeSize: 37, locale: null })).toEqual({
    status: 422,
    body: {
      code: 'InvalidPayload',
      message: 'Request validation failed',
      details: {
        '.name': ['must be at most 100 characters long'],
        '.shoeSize': ['is not a known property'],
        '.locale': ['must be a string'],
      },
    },
  });
  expect(await patch({ name: REJECTED_NAME })).toMatchObject({
    body: { details: { '.name': ['is not allowed'] } },
  });
  expect((await patch('{')).status).toBe(400);
  expect((await ask('/me', { method: 'PATCH', headers: asAda, body: '{}' })).status).toBe(415);
  expect((await me()).body).toEqual(before);
});

test('a DELETE is a 202 without a body, and the person is gone afterwards', async () => {
  expect(await ask('/me', { method: 'DELETE', headers: asAda })).toEqual({ status: 202, body: undefined });
  expect((await me()).status).toBe(401);
  expect((await ask('/me', { method: 'DELETE', headers: asAda })).status).toBe(401);
  expect((await users(`userIds=${ada.userId}&userIds=${grace.userId}`)).body).toMatchObject({
    results: [{ user: { id: grace.userId } }],
  });
});

test('or /me goes on answering, and calls the person deleted', async () => {
  bird.keepsDeleted();
  await ask('/me', { method: 'DELETE', headers: asAda });
  expect(await me()).toMatchObject({ status: 200, body: { id: ada.userId, status: 'deleted' } });
  expect((await patch({ bio: 'Still here' })).status).toBe(401);
});

test('the organization list finds people by repeated ids, in items with the status of a membership', async () => {
  const { status, body } = await users(`limit=100&userIds=${grace.userId}&userIds=${stranger.userId}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    results: [
      {
        user: bird.user(grace),
        status: 'requested-to-join',
        createdAt: '2023-03-01T08:00:00.000Z',
        updatedAt: '2023-03-02T08:00:00.000Z',
        attributes: {},
        roleRefs: [{ name: 'member' }],
      },
    ],
    nextPageToken: '',
  });
  expect((await users(`email=${numbered(1007).email}`)).body).toMatchObject({
    results: [{ user: { id: numbered(1007).userId, status: 'suspended' } }],
  });
});

test('the organization list comes in pages of 10 unless told otherwise, of 100 at most', async () => {
  const found: string[] = [];
  let token: string | undefined = '';
  let pages = 0;
  for (; token !== undefined; pages++) {
    const { body } = await users(`pageToken=${token}`);
    found.push(...idsIn(body));
    token = (body as { nextPageToken?: string }).nextPageToken;
  }
  expect(pages).toBe(11);
  expect(found).toEqual(simulators.people.all.map(({ userId }) => userId));
  expect(idsIn((await users('limit=100')).body)).toHaveLength(100);
  expect(await users('limit=101')).toEqual({
    status: 422,
    body: {
      code: 'InvalidPayload',
      message: 'Request validation failed',
      details: { '.limit': ['must be between 1 and 100'] },
    },
  });
});

test('an unknown organization and an unknown path are a 404', async () => {
  const headers = { authorization: `AccessKey ${settings['BIRD_ACCESS_KEY']}` };
  const absent = { status: 404, body: { code: 'ResourceNotFound', message: 'Resource not found' } };
  expect(await ask('/organizations/other/users', { headers })).toEqual(absent);
  expect(await ask('/you')).toEqual(absent);
});
