import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
});
beforeEach(() => subgraph.reset());
// Nobody logs in here, so not even Bird has anything to be asked.
afterEach(() => {
  const { bird, ejento, insighto, atoms } = subgraph;
  expect([bird, ejento, insighto, atoms].flatMap((provider) => provider.lines())).toEqual([]);
});
afterAll(() => subgraph.stop());

const everything = 'id name email organization { name } billing { isPaying } atomsAccount { email }';

const texts = [
  '../me',
  '..%2fme',
  '%2e%2e/me',
  '/me',
  '?api_key=x',
  '#',
  'a\nb',
  'a\r\nx-injected: 1',
  '\u0000',
  '',
  ' ',
  'é'.repeat(100),
  'x'.repeat(10_000),
  '__proto__',
  'constructor',
  'null',
  "' OR 1=1 --",
];
const others = [{}, { id: 'x' }, [], ['a', 'b'], null, true, 1.5, { __proto__: { id: 'x' } }];

test.each(texts.map((id) => [JSON.stringify(id).slice(0, 40), id]))(
  'a text that is no user: %s',
  async (_name, id) => {
    const { status, data } = await subgraph.ask(`query ($id: ID!) { user(id: $id) { ${everything} } }`, {
      headers: operator,
      variables: { id },
    });
    expect(status).toBe(200);
    expect(data).toEqual({ user: null });
    const referred = await subgraph.entities([id], everything, { headers: operator });
    expect(referred.data).toEqual({ _entities: [null] });
  },
);

test.each(others.map((id) => [JSON.stringify(id), id]))('what is no text: %s', async (_name, id) => {
  const { status, errors } = await subgraph.ask(`query ($id: ID!) { user(id: $id) { ${everything} } }`, {
    headers: operator,
    variables: { id },
  });
  expect(status).toBe(400);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  const referred = await subgraph.entities([id as string], everything, { headers: operator });
  expect(referred.data).toEqual({ _entities: [null] });
});
