import { expect, onTestFinished, test } from 'vitest';
import { ada, grace } from '../simulators/index.ts';
import { LeakHunt } from '../support/leak-hunt.ts';
import { operator, ROUTER_SECRET, startSubgraph } from '../support/subgraph.ts';

const providers = ['bird', 'ejento', 'insighto', 'atoms'] as const;

const everything = `{ me { id name email sessions { id } organization { name } ejentoAccount { email }
  billing { subscriptionStatus activePlan { name } } insightoAccount { email } atomsAccount { email subscription { currentCredits } } } }`;

async function openSubgraph() {
  const subgraph = await startSubgraph({ ROUTER_SECRET, BIRD_TIMEOUT_MS: '300', BIRD_RETRIES: '0' });
  // Fails the test when anything secret has come out, in an answer, a log line, a metric or a span.
  onTestFinished(() => subgraph.stop());
  return subgraph;
}
type Subgraph = Awaited<ReturnType<typeof openSubgraph>>;

/** An answer that tells what it was asked with, and more. */
const planted = ({ requests }: Subgraph['bird']) => ({
  body: {
    message: 'planted-in-a-body',
    errors: ['planted-in-a-body'],
    asked: JSON.stringify(requests),
  },
  headers: {
    'x-note': 'planted-in-a-header',
    'retry-after': 'planted-in-a-header',
    'www-authenticate': 'planted-in-a-header',
  },
});

async function askEverybody(subgraph: Subgraph) {
  const headers = { 'router-authorization': ROUTER_SECRET };
  const answers = [
    await subgraph.ask(everything, { as: ada.token, headers }),
    await subgraph.ask(`mutation { updateMe(input: { name: "Ada" }) { __typename } }`, {
      as: ada.token,
      headers,
    }),
    await subgraph.entities([ada.userId, grace.userId], 'name organization { name } billing { isPaying }', {
      headers: operator,
    }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  return answers;
}

const misbehaviours: ((it: Subgraph['bird']) => unknown)[] = [
  (it) => it.isDown(),
  (it) => it.resets(),
  (it) => it.answersHalf(),
  (it) => it.badGateway(),
  (it) => it.answersWrongTypes(),
  (it) => it.answers(200, { body: '{"planted-in-a-body' }),
  (it) => it.redirects('http://planted-in-a-header.example'),
];

test.each(providers)('nothing that %s was told or says comes out, whatever it says', async (provider) => {
  const subgraph = await openSubgraph();
  const simulator = subgraph[provider] as Subgraph['bird'];
  await askEverybody(subgraph);
  for (const status of [200, 400, 401, 403, 404, 429, 500, 503]) {
    const before = simulator.received;
    simulator.answers(status, planted(simulator));
    await askEverybody(subgraph);
    expect(simulator.received, `asked while it answers ${status}`).toBeGreaterThan(before);
    await simulator.recovers();
    await askEverybody(subgraph);
  }
  for (const misbehave of misbehaviours) {
    await misbehave(simulator);
    await askEverybody(subgraph);
    await simulator.recovers();
    await askEverybody(subgraph);
  }
});

test('nothing comes out of a request that is wrong in itself', async () => {
  const subgraph = await openSubgraph();
  const headers = { 'router-authorization': ROUTER_SECRET };
  const as = ada.token;
  await subgraph.ask(everything, { as: ada.token });
  await subgraph.ask(everything, { as, headers: { ...headers, 'x-request-id': `bad id ${ada.token}` } });
  await subgraph.ask(everything, { as, headers: { ...headers, traceparent: `00-${ada.token}` } });
  await subgraph.ask('query ($id: ID!) { user(id: $id) { id } }', {
    as,
    headers,
    variables: { id: { token: ada.token } },
  });
  await subgraph.ask(`query { user(id: "${ada.token}") { id } }`, { as, headers });
  await subgraph.ask(`query { ${'x'.repeat(50)} } #${ada.token}`, { as, headers });
});

test.each([
  ['answer', ada.token],
  ['answer', ada.insighto.key],
  ['log line', 'a-secret-key'],
  ['metric', '127.0.0.1:4567'],
  ['span', 'planted-in-a-body'],
])('the hunt finds what is there: in a %s %s', (where, secret) => {
  const hunt = new LeakHunt({ SOME_KEY: 'a-secret-key', BIRD_BASE_URL: 'http://127.0.0.1:4567/api' });
  hunt.saw(where, 'nothing');
  expect(hunt.found()).toEqual([]);
  hunt.saw(where, `{"x":"${secret}"}`);
  expect(hunt.found()).toEqual([expect.stringContaining(`${secret} in a ${where}`)]);
});
