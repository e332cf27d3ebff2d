import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from './simulators/simulator.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from './support/subgraph.ts';

const UNAVAILABLE = 'PROVIDER_UNAVAILABLE';
const TIMEOUT = 'PROVIDER_TIMEOUT';
const REJECTED = 'PROVIDER_CREDENTIALS_REJECTED';
const INVALID = 'PROVIDER_INVALID_RESPONSE';

interface Expected {
  code: string;
  retryable: boolean;
  retryAfterSeconds?: number;
}
/** What goes wrong, and what a client is told of it. */
type Fault = [name: string, happens: (at: Simulator, others: Subgraph) => unknown, expected: Expected];

const redirects = [301, 302, 303, 307, 308].map((status): Fault => [
  `a redirect (${status}) to another provider`,
  (at, { insighto, atoms }) => at.redirects(at === atoms ? insighto.url : atoms.url, status),
  { code: INVALID, retryable: false },
]);

const faults: Fault[] = [
  ['no connection', (at) => at.isDown(), { code: UNAVAILABLE, retryable: true }],
  ['a reset', (at) => at.resets(), { code: UNAVAILABLE, retryable: true }],
  ['a reset within the answer', (at) => at.resetsWithin(), { code: UNAVAILABLE, retryable: true }],
  ['401', (at) => at.isUnauthorized(), { code: REJECTED, retryable: false }],
  ['403', (at) => at.forbids(), { code: REJECTED, retryable: false }],
  ['404', (at) => at.notFound(), { code: INVALID, retryable: false }],
  ['429', (at) => at.rateLimits(7), { code: 'PROVIDER_RATE_LIMITED', retryable: true, retryAfterSeconds: 7 }],
  ['500', (at) => at.fails(), { code: UNAVAILABLE, retryable: true }],
  ['502 with HTML', (at) => at.badGateway(), { code: UNAVAILABLE, retryable: true }],
  [
    '503 with Retry-After',
    (at) => at.unavailable(9),
    { code: UNAVAILABLE, retryable: true, retryAfterSeconds: 9 },
  ],
  ['a truncated body', (at) => at.truncates(), { code: UNAVAILABLE, retryable: true }],
  ['half of the JSON', (at) => at.answersHalf(), { code: INVALID, retryable: false }],
  ['the wrong content type', (at) => at.answersWrongContentType(), { code: INVALID, retryable: false }],
  ['a huge body', (at) => at.answersHuge(), { code: INVALID, retryable: false }],
  ['a gzip bomb', (at) => at.answersBomb(), { code: INVALID, retryable: false }],
  ...redirects,
  ['another person’s answer', (at) => at.answersAnotherPerson(), { code: INVALID, retryable: false }],
  ['success: false', (at) => at.answersSuccessFalse(), { code: INVALID, retryable: false }],
  ['null data', (at) => at.answersNullData(), { code: INVALID, retryable: false }],
];

/** What only a time limit ends. */
const delays: Fault[] = [
  ['an answer too late', (at) => at.isSlow(60_000), { code: TIMEOUT, retryable: true }],
  ['a drip', (at) => at.drips(), { code: TIMEOUT, retryable: true }],
  ['no answer', (at) => at.neverAnswers(), { code: TIMEOUT, retryable: true }],
];

const ADA = '00000000-0000-4000-8000-000000000ada';
const SELECTION = 'id name organization { name } billing { subscriptionStatus } atomsAccount { email }';
const WELL = {
  id: ADA,
  name: 'Ada Lovelace',
  organization: { name: 'Analytical Engines' },
  billing: { subscriptionStatus: 'ACTIVE' },
  atomsAccount: { email: 'ada@example.com' },
};

/** Who asks, and the one field that is lost. */
interface Cell {
  provider: 'bird' | 'ejento' | 'insighto' | 'atoms';
  field: keyof typeof WELL;
  asks: (subgraph: Subgraph) => ReturnType<Subgraph['ask']>;
  /** The faults that mean something else here. */
  exceptions?: Record<string, Expected | null>;
  settings?: Record<string, string>;
}

const asAda = (subgraph: Subgraph) => subgraph.ask(`{ user: me { ${SELECTION} } }`, { as: 'demo-ada' });
const asOperator = (subgraph: Subgraph) =>
  subgraph.ask(`{ user(id: "${ADA}") { ${SELECTION} } }`, { headers: operator });

const cells: Record<string, Cell> = {
  'Bird, asked by the person': {
    provider: 'bird',
    field: 'name',
    asks: asAda,
    exceptions: { 401: { code: 'UNAUTHENTICATED', retryable: false } },
  },
  'Bird’s list, asked by an operator': {
    provider: 'bird',
    field: 'name',
    asks: asOperator,
    settings: { ROUTER_SECRET },
    // Nobody of that id among the answers: such a person is not in the list.
    exceptions: { 'another person’s answer': null },
  },
  Ejento: {
    provider: 'ejento',
    field: 'organization',
    asks: asAda,
    // The one endpoint that is asked by id: there is no such person.
    exceptions: { 404: null },
  },
  Insighto: { provider: 'insighto', field: 'billing', asks: asAda },
  Atoms: { provider: 'atoms', field: 'atomsAccount', asks: asAda },
};

async function costsOneField(
  subgraph: Subgraph,
  { provider, field, asks, exceptions }: Cell,
  [name, happens, usually]: Fault,
): Promise<void> {
  // All is well before: that ends the count of failures in a row, and makes known whose token it is.
  await subgraph.reset();
  expect((await asks(subgraph)).data.user).toEqual(WELL);
  for (const { requests } of [subgraph.bird, subgraph.ejento, subgraph.insighto, subgraph.atoms])
    requests.length = 0;

  await happens(subgraph[provider], subgraph);
  const { status, data, errors } = await asks(subgraph);

  const expected = exceptions?.[name] === undefined ? usually : exceptions[name];
  expect(status).toBe(200);
  expect(data.user).toEqual({ ...WELL, [field]: null });
  // Neither a redirect nor a repeat reaches anybody else.
  for (const other of ['ejento', 'insighto', 'atoms'] as const)
    if (other !== provider) expect(subgraph[other].requests).toHaveLength(1);
  if (expected === null) return expect(errors).toEqual([]);
  const { code, ...rest } = expected;
  expect(errors).toMatchObject([{ path: ['user', field] }]);
  expect(errors[0]?.extensions).toEqual(
    code.startsWith('PROVIDER_') ? { code, provider, ...rest } : { code },
  );
}

describe.each(Object.entries(cells))('%s', (_name, cell) => {
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await startSubgraph(cell.settings);
  });
  afterAll(() => subgraph.stop());

  it.each(faults)('%s costs its own field and nothing else', (...fault) =>
    costsOneField(subgraph, cell, fault),
  );
});

describe('each provider, in a subgraph of its own,', () => {
  const subgraphs = new Map<Cell, Subgraph>();
  beforeAll(async () => {
    for (const cell of Object.values(cells)) {
      const limit = { [`${cell.provider.toUpperCase()}_TIMEOUT_MS`]: '1000' };
      subgraphs.set(cell, await startSubgraph({ ...cell.settings, ...limit }));
    }
  });
  afterAll(async () => {
    for (const subgraph of subgraphs.values()) await subgraph.stop();
  });

  it.each(delays)('%s costs its own field and nothing else', async (...fault) => {
    await Promise.all(Array.from(subgraphs, ([cell, subgraph]) => costsOneField(subgraph, cell, fault)));
  });
});

describe('Bird, before it is known whose token it is', () => {
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await startSubgraph({ IDENTITY_CACHE_SECONDS: '0', BIRD_TIMEOUT_MS: '1000' });
  });
  afterAll(() => subgraph.stop());

  // Whoever Bird says that the token belongs to is who is asking: there is nothing to compare it with.
  const told = [...faults, ...delays].filter(([name]) => name !== 'another person’s answer');

  it.each(told)('%s is not taken for a bad token', async (name, happens, { code }) => {
    await subgraph.reset();
    expect((await asAda(subgraph)).data.user).toEqual(WELL);
    await happens(subgraph.bird, subgraph);
    const { data, errors } = await asAda(subgraph);
    expect(data.user).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: name === '401' ? 'UNAUTHENTICATED' : code } }]);
  });
});
