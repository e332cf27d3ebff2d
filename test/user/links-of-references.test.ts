import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { linus, numbered } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

const people = [1001, 1002, 1003].map(numbered);
const ids = people.map(({ userId }) => userId);
const names = ['Bell Labs', 'Shortest Paths', 'Apollo Software'];
const nobody = '00000000-0000-4000-8000-00000000dead';

let subgraph: Subgraph;
beforeEach(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
});
afterEach(() => subgraph.stop());

/** Asks for three people and somebody who is nobody; which links are read for it, and what is answered. */
async function asked(selection: string, fragments = '') {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${selection} } } } ${fragments}`;
  return askedAs(query);
}

async function askedAs(query: string) {
  const of = [...ids, nobody].map((id) => ({ __typename: 'User', id }));
  const answer = () => subgraph.ask(query, { headers: operator, variables: { of } });
  await answer(); // it is known by now, where it is to be
  const reads = vi.spyOn(subgraph.links, 'of');
  const { data, errors } = await answer();
  expect(errors).toEqual([]);
  return { data, reads: reads.mock.calls.map(([users, at]) => ({ users, at })) };
}

it.each([
  ['ejentoUserId', ''],
  ['id name organization { id name }', ''],
  ['...Where', 'fragment Where on User { ... { ejentoAccount { id } } }'],
])('only those at Ejento are read for { %s } %s', async (selection, fragments) => {
  const { reads } = await asked(selection, fragments);
  expect(reads).toEqual([{ users: [...ids, nobody], at: 'ejento' }, { users: [nobody] }]);
});

it.each(['id name', '__typename', 'organization { id } atomsAccount { id }'])(
  'all of them are read for { %s }',
  async (selection) => {
    const { reads } = await asked(selection);
    expect(reads).toEqual([{ users: [...ids, nobody] }]);
  },
);

it('whoever has an account elsewhere only is somebody all the same', async () => {
  await subgraph.links.remove(numbered(1002).userId, 'ejento');
  const { data, reads } = await asked('id organization { name }');
  expect(data._entities).toEqual([
    { id: ids[0], organization: { name: names[0] } },
    { id: ids[1], organization: null },
    { id: ids[2], organization: { name: names[2] } },
    null,
  ]);
  expect(reads).toEqual([{ users: [...ids, nobody], at: 'ejento' }, { users: [ids[1], nobody] }]);
});

it('what is read for one field leaves nothing out of another', async () => {
  const { data } = await askedAs(
    `query ($of: [_Any!]!) {
       organizations: _entities(representations: $of) { ... on User { organization { name } } }
       voices: _entities(representations: $of) { ... on User { atomsAccount { id } } }
       ids: _entities(representations: $of) { ... on User { id } }
       same: user(id: "${ids[0]}") { organization { name } atomsAccount { id } insightoAccount { id } }
       linus: user(id: "${linus.userId}") { ejentoUserId atomsAccount { id } }
     }`,
  );
  const voices = people.map(({ atoms }) => atoms && { atomsAccount: { id: atoms.id } });
  expect(data).toEqual({
    organizations: [...names.map((name) => ({ organization: { name } })), null],
    voices: [...voices, null],
    ids: [...ids.map((id) => ({ id })), null],
    same: {
      organization: { name: names[0] },
      atomsAccount: { id: people[0]?.atoms?.id },
      insightoAccount: { id: people[0]?.insighto?.id },
    },
    linus: { ejentoUserId: linus.ejento.id, atomsAccount: null },
  });
});

it('links that cannot be read are an error of each reference, and are asked for no further', async () => {
  const answer = () => subgraph.entities(ids, 'organization { name }', { headers: operator });
  await answer();
  const reads = vi.spyOn(subgraph.links, 'of').mockImplementation(() => {
    throw new Error('SQLITE_CORRUPT');
  });
  const { data, errors } = await answer();
  expect(data._entities).toEqual([null, null, null]);
  expect(errors.map(({ path }) => path)).toEqual(ids.map((_id, at) => ['_entities', at]));
  expect(reads).toHaveBeenCalledTimes(2);
});
