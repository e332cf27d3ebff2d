import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ada, grace, linus, numbered } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const withoutKey = (person: { userId: string; insighto: { id: string } }) =>
  `${JSON.stringify({ userId: person.userId, provider: 'insighto', externalId: person.insighto.id, secret: null })}\n`;

const withIdOf = ({ userId, insighto }: typeof ada) => ({
  userId,
  provider: 'insighto',
  externalId: insighto.id,
  secret: insighto.key,
});

describe('Insighto', () => {
  it("that does not take a person's own key is told of: whose it is, and how often", async () => {
    subgraph.log.length = 0;
    subgraph.insighto.isUnauthorized();
    await subgraph.entities([ada.userId], 'billing { isPaying }', { headers: operator });
    const lines = subgraph.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ userId }) => userId === ada.userId)).toMatchObject([
      { level: 'warn', provider: 'insighto', msg: expect.stringMatching(/own key is not taken/) },
    ]);
    expect(await subgraph.metrics()).toMatch(/personal_keys_rejected_total\{provider="insighto"\} 1/);
  });

  it.each([
    ['not taken for the plan', 401, true],
    ['not allowed to see plans', 403, false],
  ])("a person's own key that is %s", async (_, status, isTold) => {
    subgraph.log.length = 0;
    subgraph.insighto.answers(status, { path: '/api/v1/agency/billing/' });
    const { errors } = await subgraph.entities([ada.userId], 'billing { activePlan { id } }', {
      headers: operator,
    });
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_CREDENTIALS_REJECTED' } }]);
    const told = subgraph.log.filter(
      (line) => line.includes('own key is not taken') && line.includes(ada.userId),
    );
    expect(told).toHaveLength(isTold ? 1 : 0);
  });

  it.each([
    ['without hyphens', (id: string) => id.replaceAll('-', '')],
    ['in capitals', (id: string) => id.toUpperCase()],
    ['in capitals without hyphens', (id: string) => id.replaceAll('-', '').toUpperCase()],
  ])('that spells an account %s, in an import or in its answers, means the same', async (_, spelt) => {
    const other = { ...withIdOf(grace), externalId: spelt(ada.insighto.id) };
    expect(await subgraph.links.import([`${JSON.stringify(other)}\n`])).toMatchObject({ rejected: 1 });
    const own = { ...withIdOf(ada), externalId: spelt(ada.insighto.id) };
    expect(await subgraph.links.import([`${JSON.stringify(own)}\n`])).toMatchObject({ unchanged: 1 });

    const { id } = ada.insighto;
    const answered = (
      await (await fetch(`${subgraph.insighto.url}/api/v1/user?api_key=${ada.insighto.key}`)).text()
    ).replaceAll(id, spelt(id));
    subgraph.insighto.answers(200, { path: '/api/v1/user?', body: JSON.parse(answered) });
    const { data, errors } = await subgraph.entities([ada.userId], 'billing { isPaying }', {
      headers: operator,
    });
    expect([errors, data._entities[0].billing]).toEqual([[], { isPaying: expect.any(Boolean) }]);
  });

  it("is asked with the person's own key, which is in the query and in no header", async () => {
    await subgraph.entities([ada.userId], 'billing { isPaying } insightoAccount { id }', {
      headers: operator,
    });
    expect(subgraph.insighto.lines()).toEqual([`GET /api/v1/user?api_key=${ada.insighto.key}`]);
    expect(JSON.stringify(subgraph.insighto.requests[0]?.headers)).not.toContain(ada.insighto.key);
  });

  it('gives each state of Stripe by its name, one that nobody knows as UNKNOWN with the raw text beside it', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => numbered(1010 + index).userId);
    const { data, errors } = await subgraph.entities(ids, 'billing { subscriptionStatus stripeStatus }', {
      headers: operator,
    });
    expect(errors).toEqual([]);
    const states = data._entities.map(({ billing }: { billing: Record<string, string> }) => [
      billing['stripeStatus'],
      billing['subscriptionStatus'],
    ]);
    expect(states).toEqual([
      ['active', 'ACTIVE'],
      ['trialing', 'TRIALING'],
      ['past_due', 'PAST_DUE'],
      ['canceled', 'CANCELED'],
      ['unpaid', 'UNPAID'],
      ['incomplete', 'INCOMPLETE'],
      ['incomplete_expired', 'INCOMPLETE_EXPIRED'],
      ['paused', 'PAUSED'],
      [null, null],
      ['on_hold', 'UNKNOWN'],
    ]);
  });

  it('sends times without a zone: they are read as UTC, with their digits', async () => {
    const { data } = await subgraph.entities([ada.userId], 'billing { updatedAt }', { headers: operator });
    expect(data._entities[0].billing.updatedAt).toMatch(/T\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('without a key of the team or the person is PROVIDER_NOT_CONFIGURED', async () => {
    const keyless = await startSubgraph({ ROUTER_SECRET, INSIGHTO_API_KEY: '' });
    await keyless.links.import([withoutKey(ada)]);
    const { errors } = await keyless.entities([ada.userId], 'billing { isPaying }', { headers: operator });
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_NOT_CONFIGURED', provider: 'insighto' } }]);
    expect(keyless.insighto.requests).toEqual([]);
    await keyless.stop();
  });

  it('is asked for the plan behind the billing, and a plan that is gone is null', async () => {
    const plan = 'billing { activePlanId activePlan { name } }';
    const { data } = await subgraph.entities([ada.userId], plan, { headers: operator });
    const [{ billing }] = data._entities;
    expect(billing.activePlan.name).toEqual(expect.any(String));
    expect(subgraph.insighto.lines().at(-1)).toBe(
      `GET /api/v1/agency/billing/${billing.activePlanId}?api_key=${ada.insighto.key}`,
    );

    subgraph.insighto.notFound({ path: '/api/v1/agency' });
    const gone = await subgraph.entities([ada.userId], plan, { headers: operator });
    expect([gone.data._entities[0].billing.activePlan, gone.errors]).toEqual([null, []]);
  });

  it("is asked for the plan of somebody without a key with the team's", async () => {
    await subgraph.links.import([withoutKey(grace)]);
    const { data, errors } = await subgraph.entities(
      [grace.userId],
      'billing { activePlanId activePlan { id name } }',
      { headers: operator },
    );
    expect(errors).toEqual([]);
    const [{ billing }] = data._entities;
    expect(billing.activePlan).toEqual({ id: billing.activePlanId, name: 'Agency' });
    const { INSIGHTO_API_KEY } = subgraph.settings();
    expect(subgraph.insighto.lines().at(-1)).toBe(
      `GET /api/v1/agency/billing/${billing.activePlanId}?api_key=${INSIGHTO_API_KEY}`,
    );
  });

  it('has a plan as its reference documents it: credits are an object', async () => {
    const { data, errors } = await subgraph.entities(
      [ada.userId],
      `billing { activePlan {
        name userCount canRemoveBranding hasAdvancedIntents hasAutoIntents group lookupKey
        credits creditsByKind { kind amount }
      } }`,
      { headers: operator },
    );
    expect(errors).toEqual([]);
    expect(data._entities[0].billing.activePlan).toEqual({
      name: 'Pro',
      userCount: 20,
      canRemoveBranding: true,
      hasAdvancedIntents: true,
      hasAutoIntents: false,
      group: 'regular',
      lookupKey: 'pro_monthly',
      credits: null,
      creditsByKind: [
        { kind: 'voice', amount: 1250.5 },
        { kind: 'queries', amount: 10_000 },
      ],
    });
  });

  it.each([
    [1250.5, 1250.5, null, []],
    ['1250.50', 1250.5, null, []],
    [null, null, null, []],
    [{}, null, [], []],
    [
      { voice: '12.5', queries: { left: 3 } },
      null,
      [
        { kind: 'voice', amount: 12.5 },
        { kind: 'queries', amount: null },
      ],
      ['creditsByKind.1.amount'],
    ],
    [[7], null, null, ['credits']],
  ])('reads the credits %j', async (credits, number, byKind, lost) => {
    const id = 'b1111196-0000-4000-9000-000000000002';
    subgraph.insighto.answers(200, { body: { data: { id, credits } }, path: '/api/v1/agency' });
    const { data, errors } = await subgraph.entities(
      [ada.userId],
      'billing { activePlan { credits creditsByKind { kind amount } } }',
      { headers: operator },
    );
    expect(data._entities[0].billing.activePlan).toEqual({ credits: number, creditsByKind: byKind });
    const within = '_entities.0.billing.activePlan.';
    expect(errors.map(({ path }) => path?.join('.'))).toEqual(lost.map((path) => within + path));
  });

  it('without Stripe has neither a status nor a plan, though Insighto says so with empty text', async () => {
    const { data, errors } = await subgraph.entities(
      [linus.userId],
      'billing { stripeCustomerId subscriptionStatus stripeStatus updatedAt nextPlanId activePlanId activePlan { id } }',
      { headers: operator },
    );
    expect(errors).toEqual([]);
    expect(new Set(Object.values(data._entities[0].billing))).toEqual(new Set([null]));
    const user = { id: ada.insighto.id, active_billing_plan_id: '' };
    subgraph.insighto.answers(200, { body: { data: user } });
    const planless = await subgraph.entities([ada.userId], 'billing { activePlan { id } }', {
      headers: operator,
    });
    expect([planless.data._entities, planless.errors]).toEqual([[{ billing: { activePlan: null } }], []]);
  });

  it.each([
    [{ detail: 'Not Found' }],
    [{ statusCode: 404, message: 'Resource not found' }],
    [{ detail: '' }],
    [[]],
    [''],
  ])('is at fault when a 404 for a plan is not about a plan: %j', async (body) => {
    subgraph.insighto.answers(404, { body, path: '/api/v1/agency' });
    const { data, errors } = await subgraph.entities([ada.userId], 'billing { isPaying activePlan { id } }', {
      headers: operator,
    });
    expect(data._entities).toEqual([{ billing: { isPaying: true, activePlan: null } }]);
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'billing', 'activePlan'],
        extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'insighto' },
      },
    ]);
  });

  it('that redirects to another form of its path is followed, with the key', async () => {
    const location = `/api/v1/user?api_key=${ada.insighto.key}&moved=`;
    subgraph.insighto.answers(307, { headers: { location }, times: 1 });
    const { data, errors } = await subgraph.entities([ada.userId], 'insightoAccount { id }', {
      headers: operator,
    });
    expect([data._entities, errors]).toEqual([[{ insightoAccount: { id: ada.insighto.id } }], []]);
    expect(subgraph.insighto.lines()).toEqual([
      `GET /api/v1/user?api_key=${ada.insighto.key}`,
      `GET /api/v1/user?api_key=${ada.insighto.key}&moved=`,
    ]);
  });

  it('is not asked for a plan whose id leads elsewhere', async () => {
    const user = { id: ada.insighto.id, is_paying: true, active_billing_plan_id: '../../user' };
    subgraph.insighto.answers(200, { body: { data: user } });
    const { data, errors } = await subgraph.entities([ada.userId], 'billing { isPaying activePlan { id } }', {
      headers: operator,
    });
    expect(data._entities).toEqual([{ billing: { isPaying: true, activePlan: null } }]);
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'billing', 'activePlan'], extensions: { code: 'PROVIDER_INVALID_RESPONSE' } },
    ]);
    expect(subgraph.insighto.lines()).toEqual([`GET /api/v1/user?api_key=${ada.insighto.key}`]);
  });

  it('that answers with another plan shows none', async () => {
    subgraph.insighto.answersAnotherPerson({ path: '/api/v1/agency' });
    const { data, errors } = await subgraph.entities([ada.userId], 'billing { isPaying activePlan { id } }', {
      headers: operator,
    });
    expect(data._entities).toEqual([{ billing: { isPaying: true, activePlan: null } }]);
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'billing', 'activePlan'], extensions: { code: 'PROVIDER_INVALID_RESPONSE' } },
    ]);
  });

  it('that answers about another person costs its own fields', async () => {
    subgraph.insighto.answersAnotherPerson();
    const { data, errors } = await subgraph.entities([ada.userId], 'name billing { isPaying }', {
      headers: operator,
    });
    expect(data._entities).toEqual([{ name: 'Ada Lovelace', billing: null }]);
    expect(errors).toMatchObject([
      { extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'insighto' } },
    ]);
  });
});
