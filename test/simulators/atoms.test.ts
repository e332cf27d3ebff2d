import { afterAll, expect, test } from 'vitest';
import { ada, linus, startSimulators } from './index.ts';

const simulators = await startSimulators();
const baseUrl = simulators.settings()['ATOMS_BASE_URL'];
afterAll(() => simulators.close());

const asAda = { authorization: `Bearer ${ada.atoms?.key}` };
async function ask(path: string, headers: Record<string, string> = asAda) {
  const answer = await fetch(baseUrl + path, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}
const bodyOf = async (path: string) => JSON.parse((await ask(path)).text) as unknown;

test('the base URL has the vendor’s path', () => {
  expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/atoms\/v1$/);
});

test('the key says who it is', async () => {
  expect(await bodyOf('/user')).toEqual({
    status: true,
    data: {
      _id: 'a70a500000b5000000000001',
      firstName: 'Ada',
      lastName: 'Lovelace',
      userEmail: 'ada@example.com',
      authProvider: 'google',
      isEmailVerified: true,
      organizationId: '050000000000000000000000',
    },
  });
});

test('the subscription is that of the organization', async () => {
  expect(await bodyOf('/user/subscription')).toEqual({
    status: true,
    data: {
      _id: '50b000000000000000000000',
      organization: '050000000000000000000000',
      planId: 'pro-monthly',
      totalCredits: 500,
      currentCredits: 123.45,
      renewalDate: '2024-06-01T00:00:00.000Z',
      subscriptionActive: true,
      onPremEnabled: false,
      limits: { maxAgents: 50, maxConcurrentCalls: 10 },
      features: { campaigns: true, knowledgeBase: true },
    },
  });
});

test('the account details have no envelope', async () => {
  expect(await bodyOf('/account/get-account-details')).toMatchObject({
    userId: 'a70a500000b5000000000001',
    organizations: [{ orgId: '050000000000000000000000', name: 'Analytical Voices' }],
  });
});

test('a key that is missing or unknown is a 401 with a list of errors', async () => {
  const refused = '{"status":false,"errors":["Invalid or expired API key"]}';
  for (const headers of [
    {},
    { authorization: 'Bearer sk_nobody' },
    { authorization: ada.atoms?.key ?? '' },
  ]) {
    expect(await ask('/user', headers)).toMatchObject({ status: 401, text: refused });
  }
});

test('Linus has no account', () => {
  expect(linus.atoms).toBeNull();
  const linked = [...simulators.people.links([linus])].map(({ provider }) => provider);
  expect(linked).toEqual(expect.arrayContaining(['ejento', 'insighto']));
  expect(linked).not.toContain('atoms');
});

test('what is unknown is Express’s page, the organization that the vendor still documents included', async () => {
  const { status, type, text } = await ask('/organization');
  expect(status).toBe(404);
  expect(type).toBe('text/html; charset=utf-8');
  expect(text).toContain('<pre>Cannot GET /atoms/v1/organization</pre>');
});
