import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ada, grace, linus, numbered } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
});
beforeEach(() => subgraph.reset());
afterAll(() => subgraph.stop());

interface AuditLine {
  msg: string;
  people: string[];
}

/** The lines of an operation, once they are there. */
async function linesOf(ask: () => Promise<unknown>, count = 1): Promise<AuditLine[]> {
  subgraph.log.length = 0;
  await ask();
  const lines = () =>
    subgraph.log.map((line) => JSON.parse(line) as AuditLine).filter(({ msg }) => msg === 'an operator read');
  await expect.poll(lines).toHaveLength(count);
  return lines();
}

test('whom an operator read is written down: who, when, under which request', async () => {
  const headers = { ...operator, 'x-request-id': 'the-request' };
  const asking = { as: grace.token, headers, operationName: 'Support' };
  const query = `query Support { user(id: "${ada.userId}") { email billing { isPaying } } other: user(id: "${linus.userId}") { name } }`;
  expect(await linesOf(() => subgraph.ask(query, asking))).toEqual([
    {
      level: 'info',
      time: expect.any(String),
      requestId: 'the-request',
      traceId: expect.any(String),
      operator: grace.userId,
      operation: 'Support',
      people: [ada.userId, linus.userId],
      msg: 'an operator read',
    },
  ]);
});

test.each([
  ['without a login', undefined],
  ['whose login Bird does not take', 'expired'],
])('an operator %s is known by the request alone', async (_who, as) => {
  const asking = { headers: operator, ...(as !== undefined && { as }) };
  const lines = await linesOf(() => subgraph.entities([ada.userId], 'name', asking));
  expect(lines).toMatchObject([{ operator: null, requestId: expect.any(String), people: [ada.userId] }]);
});

test('everybody is named, however many', async () => {
  const ids = Array.from({ length: 100 }, (_, at) => numbered(1_001 + at).userId);
  const all = [...ids, ada.userId, grace.userId];
  const lines = await linesOf(
    () => subgraph.entities([...all, ada.userId], 'ejentoUserId', { headers: operator }),
    2,
  );
  expect(lines.flatMap(({ people }) => people)).toEqual(all);
});

test('whom an Ejento number belongs to is read as well', async () => {
  const lines = await linesOf(() =>
    subgraph.ask('query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id } } }', {
      headers: operator,
      variables: { of: [{ __typename: 'User', ejentoUserId: '147' }] },
    }),
  );
  expect(lines).toMatchObject([{ people: [ada.userId] }]);
});

test('it is written whatever the level of the log is', async () => {
  const quiet = await startSubgraph({ ROUTER_SECRET, LOG_LEVEL: 'error' });
  await quiet.entities([ada.userId], 'name', { headers: operator });
  await expect.poll(() => quiet.log.filter((line) => line.includes('an operator read'))).toHaveLength(1);
  await quiet.stop();
});

test('nobody else leaves such a line', async () => {
  await subgraph.entities([ada.userId], 'name', {
    as: grace.token,
    headers: { 'router-authorization': ROUTER_SECRET },
  });
  await linesOf(() => subgraph.ask('{ __typename }', { headers: operator }), 0);
});

test('the metrics count the operations and the people', async () => {
  const count = async (name: string) =>
    Number(
      new RegExp(`^user_subgraph_operator_${name}_total (\\d+)$`, 'm').exec(await subgraph.metrics())?.[1],
    );
  const before = [await count('operations'), await count('people_read')];
  await subgraph.entities([ada.userId, grace.userId], 'name email', { headers: operator });
  expect([await count('operations'), await count('people_read')]).toEqual([
    (before[0] ?? 0) + 1,
    (before[1] ?? 0) + 2,
  ]);
});
