import { afterAll, expect, test } from 'vitest';
import { numbered, startSimulators, WITHOUT_ORGANIZATION } from './index.ts';

const simulators = await startSimulators();
const settings = simulators.settings();
afterAll(() => simulators.close());

const key = { 'ocp-apim-subscription-key': settings['EJENTO_SUBSCRIPTION_KEY'] ?? '' };
const token = { authorization: `Bearer ${settings['EJENTO_ACCESS_TOKEN']}` };

async function ask(path: string, headers: Record<string, string> = { ...key, ...token }) {
  const answer = await fetch(simulators.ejento.url + path, { headers });
  return { status: answer.status, body: await answer.json() };
}

test('anybody is found by id, with their organization', async () => {
  expect(await ask('/v2/api/user/147')).toMatchObject({
    status: 200,
    body: {
      success: true,
      message: 'Users found successfully',
      data: {
        id: 147,
        email: 'ada@example.com',
        is_staff: true,
        is_superuser: true,
        is_active: true,
        date_joined: '2024-01-30T17:06:11Z',
        first_name: 'Ada',
        last_name: 'Lovelace',
        organization: {
          id: 1,
          org_name: 'Analytical Engines',
          domain: 'analytical-engines.example',
          org_logo_url: 'https://analytical-engines.example/logo.png',
          org_icon_url: 'https://analytical-engines.example/icon.png',
          is_deleted: false,
          created_by: 'System',
          created_on: '2024-01-20T01:32:56.659642Z',
          modified_by: 'admin@analytical-engines.example',
          modified_on: '2024-01-20T01:32:56.659663Z',
        },
      },
    },
  });
  expect(await ask('/v2/api/user/148')).toMatchObject({
    body: { data: { first_name: 'Grace', organization: { id: 2, org_logo_url: null, org_icon_url: null } } },
  });
  expect(await ask(`/v2/api/user/${numbered(WITHOUT_ORGANIZATION).ejento.id}`)).toMatchObject({
    body: { data: { organization: null } },
  });
});

test('the hundred share a dozen organizations', async () => {
  const hundred = Array.from({ length: 100 }, (_, index) => ask(`/v2/api/user/${1001 + index}`));
  const organizations = (await Promise.all(hundred)).map(
    ({ body }) => (body as { data: { organization: { id: number } | null } }).data.organization?.id,
  );
  expect(new Set(organizations.filter(Boolean)).size).toBe(12);
});

test('without its key the gateway refuses, without its token the application', async () => {
  const { status, body } = await ask('/v2/api/user/147', token);
  expect(status).toBe(401);
  expect(body).toEqual({
    statusCode: 401,
    message:
      'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
  });
  expect(await ask('/v2/api/user/147', { ...token, 'ocp-apim-subscription-key': 'wrong' })).toMatchObject({
    status: 401,
    body: { statusCode: 401, message: expect.stringContaining('invalid subscription key') },
  });
  const refused = { status: 401, body: { success: false, message: 'Invalid or expired token' } };
  expect(await ask('/v2/api/user/147', key)).toEqual(refused);
  expect(await ask('/v2/api/user/147', { ...key, authorization: 'Bearer wrong' })).toEqual(refused);
});

test('an id that nobody has is the application’s 404, a path that nothing has the gateway’s', async () => {
  const nobody = { status: 404, body: { success: false, message: 'Record Not Found' } };
  expect(await ask('/v2/api/user/999999')).toEqual(nobody);
  expect(await ask('/v2/api/users')).toEqual({
    status: 404,
    body: { statusCode: 404, message: 'Resource not found' },
  });
});
