import { afterAll, expect, test } from 'vitest';
import { ada, grace, linus, numbered, startSimulators } from './index.ts';

const simulators = await startSimulators();
const { people } = simulators;
const teamKey = simulators.settings()['INSIGHTO_API_KEY'];
afterAll(() => simulators.close());

async function ask(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(simulators.insighto.url + path, { headers });
  return { status: answer.status, body: (await answer.json()) as { data: never } };
}
const user = (key: string) => ask(`/api/v1/user?api_key=${key}`);
const team = (query: string, key = teamKey) => ask(`/api/v1/user/get_agent_list/?${query}&api_key=${key}`);

test('the key says who it is, and Ada has everything', async () => {
  expect(await user(ada.insighto.key)).toEqual({
    status: 200,
    body: {
      message: 'success',
      meta: {},
      data: {
        id: '1a519470-0000-4000-9000-000000000001',
        first_name: 'Ada',
        last_name: 'Lovelace',
        email: 'ada@example.com',
        is_active: true,
        is_superuser: false,
        birthdate: '1985-12-10T00:00:00',
        is_enterprise: true,
        role_id: '4011e000-0000-4000-9000-000000000001',
        phone: '+44 20 7946 0123',
        state: 'London',
        country: 'United Kingdom',
        address: '12 St James’s Square',
        active_billing_plan_id: 'b1111196-0000-4000-9000-000000000002',
        next_billing_plan_id: 'b1111196-0000-4000-9000-000000000003',
        stripe_customer_id: 'cus_1',
        stripe_subscription_id: 'sub_1',
        stripe_subscription_status: 'active',
        stripe_has_payment_method: true,
        is_trial: false,
        used_trial: true,
        is_paying: true,
        stripe_last_payment_date: '2024-05-01T10:00:00.123456',
        billing_updated_at: '2024-05-01T10:00:01.654321',
        last_credits_refresh: '2024-05-01 10:00:02',
        next_credits_refresh: '2024-06-01T10:00:02',
        follower_count: 123,
        following_count: 1,
      },
    },
  });
});

test('people differ in the state of their subscription', async () => {
  const hundred = Array.from({ length: 100 }, (_, index) => user(numbered(1001 + index).insighto.key));
  const statuses = (await Promise.all(hundred)).map(
    ({ body }) => (body.data as { stripe_subscription_status: string | null }).stripe_subscription_status,
  );
  const stripes = [
    'active',
    'canceled',
    'incomplete',
    'incomplete_expired',
    'past_due',
    'paused',
    'trialing',
  ];
  expect(new Set(statuses)).toEqual(new Set([...stripes, 'unpaid', null, 'on_hold']));
  expect((await user(grace.insighto.key)).body.data).toMatchObject({
    stripe_subscription_status: 'past_due',
  });
  expect((await user(linus.insighto.key)).body.data).toMatchObject({ stripe_subscription_status: '' });
});

test('a key counts only in the query', async () => {
  const refused = { status: 401, body: { detail: 'Could not validate credentials' } };
  expect(await ask('/api/v1/user')).toEqual(refused);
  expect(await ask('/api/v1/user', { authorization: `Bearer ${ada.insighto.key}` })).toEqual(refused);
  expect(await user('in-nobody')).toEqual(refused);
});

test('the team’s key lists everybody in pages, a personal one its owner', async () => {
  const { body } = await team('page=2&size=100');
  expect(body.data).toMatchObject({
    total: people.all.length,
    page: 2,
    size: 100,
    pages: 2,
    previous_page: 1,
    next_page: null,
  });
  expect(body.data).toMatchObject({ items: [{ id: numbered(1098).insighto.id }, {}, {}] });
  expect((await team('page=1&size=100')).body.data).toMatchObject({ previous_page: null, next_page: 2 });
  expect((await team('page=1', grace.insighto.key)).body.data).toMatchObject({
    items: [{ id: grace.insighto.id, first_name: 'Grace' }],
    total: 1,
    size: 50,
  });
  expect(await team('size=101')).toEqual({
    status: 422,
    body: {
      detail: [
        {
          loc: ['query', 'size'],
          msg: 'Input should be less than or equal to 100',
          type: 'less_than_equal',
        },
      ],
    },
  });
});

test('the team’s key is owned by somebody who is nobody else', async () => {
  const { body } = await user(teamKey ?? '');
  expect(people.all.map(({ insighto }) => insighto.id)).not.toContain((body.data as { id: string }).id);
});

test('a plan is found by its id', async () => {
  const plan = (id: string) => ask(`/api/v1/agency/billing/${id}?api_key=${ada.insighto.key}`);
  expect((await plan('b1111196-0000-4000-9000-000000000002')).body.data).toEqual({
    id: 'b1111196-0000-4000-9000-000000000002',
    name: 'Pro',
    description: 'The Pro plan',
    bots_count: 10,
    queries_count: 10_000,
    words_count: 200_000,
    voice_seconds: 7_200,
    user_count: 20,
    premium_support: true,
    default_plan: false,
    remove_branding: true,
    advanced_intents: true,
    auto_intents: false,
    billing_plan_group: 'regular',
    plan_lookup_key: 'pro_monthly',
    credits: { voice: 1250.5, queries: 10_000 },
    attributes: {},
  });
  expect(await plan('none')).toEqual({ status: 404, body: { detail: 'Billing plan not found' } });
  expect(await ask('/api/v2/user')).toEqual({ status: 404, body: { detail: 'Not Found' } });
});

test.each([
  ['/api/v1/user/get_agent_list', '/api/v1/user/get_agent_list/'],
  ['/api/v1/user/', '/api/v1/user'],
])('%s is redirected to %s, with the query and the key', async (path, right) => {
  const answer = await fetch(`${simulators.insighto.url}${path}?api_key=in-nobody`, { redirect: 'manual' });
  expect(answer.status).toBe(307);
  expect(answer.headers.get('location')).toBe(`${simulators.insighto.url}${right}?api_key=in-nobody`);
});
