import { readFileSync } from 'node:fs';
import { getNamedType, type GraphQLObjectType, isLeafType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/graphql/schema.ts';
import { ada, grace } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

const PUBLIC = [
  'id',
  'ejentoUserId',
  'name',
  'avatarUrl',
  'bio',
  'timezone',
  'locale',
  'status',
  'organization',
];
const trusted = { 'router-authorization': ROUTER_SECRET };
/** Logs in with Bird, and is linked to nothing. */
const STRANGER = 'demo-1001';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
  await subgraph.links.removeAll('00000000-0000-4000-8000-000000001001');
});
afterAll(() => subgraph.stop());

const user = buildSchema().getType('User') as GraphQLObjectType;
const fields = Object.values(user.getFields());
const names = fields.map(({ name }) => name);

/** What each field of Ada answers: its value's presence, or the code of its error. */
async function whatIsSeen(asking: { as?: string; headers?: Record<string, string> }) {
  const selection = fields.map(({ name, type }) =>
    isLeafType(getNamedType(type)) ? name : `${name} { __typename }`,
  );
  const { data, errors } = await subgraph.entities([ada.userId], selection.join(' '), asking);
  const codes = Object.fromEntries(errors.map(({ path, extensions }) => [path?.[2], extensions['code']]));
  const [seen] = data._entities;
  return Object.fromEntries(
    names.map((name) => [name, codes[name] ?? (seen[name] === null ? 'null' : 'seen')]),
  );
}

const all = (code: (name: string) => string) => Object.fromEntries(names.map((name) => [name, code(name)]));

describe('of Ada', () => {
  it('Ada sees everything', async () => {
    expect(await whatIsSeen({ as: ada.token, headers: trusted })).toEqual(all(() => 'seen'));
  });

  it('an operator sees everything but her sessions, which Bird shows to nobody else', async () => {
    const expected = all((name) => (name === 'sessions' ? 'FORBIDDEN' : 'seen'));
    expect(await whatIsSeen({ headers: operator })).toEqual(expected);
    expect(await whatIsSeen({ as: grace.token, headers: operator })).toEqual(expected);
  });

  it('another member sees the public part', async () => {
    const expected = all((name) => (PUBLIC.includes(name) ? 'seen' : 'FORBIDDEN'));
    expect(await whatIsSeen({ as: grace.token, headers: trusted })).toEqual(expected);
  });

  it('somebody who is not linked sees nothing', async () => {
    const expected = all((name) => (name === 'id' ? 'seen' : 'FORBIDDEN'));
    expect(await whatIsSeen({ as: STRANGER, headers: trusted })).toEqual(expected);
  });

  it('nobody without a login sees anything', async () => {
    const expected = all((name) => (name === 'id' ? 'seen' : 'UNAUTHENTICATED'));
    expect(await whatIsSeen({ headers: trusted })).toEqual(expected);
  });

  it('a scope other than users:read makes nobody an operator', async () => {
    const headers = { ...trusted, 'x-user-scopes': 'users:reader users:write' };
    const expected = all((name) => (name === 'id' ? 'seen' : 'UNAUTHENTICATED'));
    expect(await whatIsSeen({ headers })).toEqual(expected);
  });
});

it('the README and the schema name what members see of each other', () => {
  const list = `\`${PUBLIC.join(' ')}\``;
  expect(readFileSync('README.md', 'utf8')).toContain(list);
  expect(user.description).toContain(list);
});

it('without a setting that names the scope nobody is an operator', async () => {
  const closed = await startSubgraph({ ROUTER_SECRET, OPERATOR_SCOPE: undefined });
  const { data, errors } = await closed.entities([ada.userId], 'email', { headers: operator });
  expect(data._entities).toEqual([{ email: null }]);
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  await closed.stop();
});

it('a scope is not believed without a router secret, even where none is configured', async () => {
  const open = await startSubgraph();
  const { data, errors } = await open.entities([ada.userId], 'email', {
    headers: { 'x-user-scopes': 'users:read' },
  });
  expect(data._entities).toEqual([{ email: null }]);
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  await open.stop();
});
