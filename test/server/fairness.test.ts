import { describe, expect, it, onTestFinished } from 'vitest';
import { ada, grace, numbered } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph } from '../support/subgraph.ts';
import { UNKNOWN_OWNER } from '../../src/http/caller.ts';
import { Refusal } from '../../src/server/answers.ts';
import { InFlight } from '../../src/server/in-flight.ts';

async function open(settings: Record<string, string>) {
  const subgraph = await startSubgraph(settings);
  onTestFinished(() => subgraph.stop());
  // So that it is known whose tokens they are.
  for (const { token } of [ada, grace]) await subgraph.ask('{ me { id } }', { as: token });
  await subgraph.reset();
  return subgraph;
}

describe('one caller has a share of the places', () => {
  it('and is told so when it is used up, whatever is asked, while others are answered', async () => {
    const subgraph = await open({ MAX_IN_FLIGHT: '10', MAX_IN_FLIGHT_PER_CALLER: '2' });
    subgraph.ejento.neverAnswers();
    const waiting = [1, 2].map(() => subgraph.ask('{ me { organization { name } } }', { as: ada.token }));
    await subgraph.ejento.until(() => subgraph.ejento.requests.length > 0);

    const asked = ['{ me { name } }', 'mutation { updateMe(input: { bio: "b" }) { __typename } }'];
    for (const query of asked) {
      const { status, headers, errors } = await subgraph.ask(query, { as: ada.token });
      expect([status, headers.get('retry-after')]).toEqual([429, '1']);
      expect(errors).toMatchObject([{ extensions: { code: 'OVERLOADED' } }]);
    }
    expect(subgraph.bird.lines()).toEqual([]);
    expect((await subgraph.ask('{ me { name } }', { as: grace.token })).data.me.name).toBe('Grace Hopper');

    await subgraph.ejento.reset();
    await Promise.all(waiting);
    expect((await subgraph.ask('{ me { name } }', { as: ada.token })).status).toBe(200);
  });

  it('and all whose tokens nobody knows have half of them together', async () => {
    const subgraph = await open({ MAX_IN_FLIGHT: '4' });
    subgraph.bird.neverAnswers();
    const waiting = [1, 2].map((n) => subgraph.ask('{ me { id } }', { as: `invented-${n}` }));
    await subgraph.bird.until(() => subgraph.bird.requests.length > 0);
    const { status, headers } = await subgraph.ask('{ me { id } }', { as: 'invented-3' });
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    const { data } = await subgraph.ask('{ me { organization { name } } }', { as: ada.token });
    expect(data.me.organization.name).toEqual(expect.any(String));
    await subgraph.bird.reset();
    await Promise.all(waiting);
  });
});

describe('who is no one person', () => {
  const trusted = { 'router-authorization': ROUTER_SECRET };

  it('an operator, has half of the places together with all others, which leaves people theirs', async () => {
    const subgraph = await startSubgraph({ ROUTER_SECRET, MAX_IN_FLIGHT: '4', IDENTITY_CACHE_SECONDS: '60' });
    onTestFinished(() => subgraph.stop());
    await subgraph.ask('{ me { id } }', { as: ada.token, headers: trusted });
    subgraph.ejento.neverAnswers();
    const id = numbered(1_001).userId;
    const query = `{ user(id: "${id}") { organization { name } } }`;
    const waiting = [1, 2].map(() => subgraph.ask(query, { headers: operator }));
    await subgraph.ejento.until(() => subgraph.ejento.requests.length > 0);
    for (const asking of [{ headers: operator }, { headers: operator, as: ada.token }]) {
      const { status, headers } = await subgraph.ask(query, asking);
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    }
    const { data } = await subgraph.ask('{ me { name } }', { as: ada.token, headers: trusted });
    expect(data.me.name).toBe('Ada Lovelace');
    await subgraph.ejento.reset();
    await Promise.all(waiting);
    expect((await subgraph.ask(query, { headers: operator })).status).toBe(200);
  });
});

it('who sends no token shares the places of those whose tokens nobody knows', () => {
  const inFlight = new InFlight({ maxInFlight: 4, maxInFlightPerCaller: 4 });
  const nobody = () => inFlight.enter({ caller: {}, isOperator: false });
  const unknown = () => inFlight.enter({ caller: UNKNOWN_OWNER, isOperator: false });
  const share = nobody();
  unknown();
  expect(nobody).toThrow(Refusal);
  expect(unknown).toThrow(Refusal);
  expect(inFlight.enter({ caller: {}, isOperator: true })).toBeDefined();
  expect(inFlight.enter({ caller: ada.userId, isOperator: false })).toBe(ada.userId);
  inFlight.leave(share);
  unknown();
  expect(inFlight.count).toBe(4);
});

describe('one operation makes so many calls', () => {
  it('and no more: what is behind them is an error in its place', async () => {
    const subgraph = await open({ MAX_CALLS: '10' });
    const ids = Array.from({ length: 20 }, (_, index) => numbered(1001 + index).userId);
    const { status, data, errors } = await subgraph.entities(ids, 'organization { name }', { as: ada.token });
    const organizations = data._entities.map(({ organization }: { organization: unknown }) => organization);
    expect([status, organizations.filter(Boolean).length]).toEqual([200, 10]);
    expect(subgraph.ejento.requests).toHaveLength(10);
    expect(errors).toHaveLength(10);
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(/more calls to providers than one may make/),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

it('an invented token is asked about once, whatever is asked with it', async () => {
  const subgraph = await open({});
  const asked = [
    '{ me { name } }',
    '{ me { name } }',
    'mutation { updateMe(input: { bio: "b" }) { __typename } }',
  ];
  for (const query of asked) {
    const { errors } = await subgraph.ask(query, { as: 'invented' });
    expect(errors[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  }
  expect(subgraph.bird.lines()).toEqual(['GET /me']);
});
