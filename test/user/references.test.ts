import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ada, grace, numbered } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

const hundred = Array.from({ length: 100 }, (_, index) => numbered(1001 + index));
const trusted = { 'router-authorization': ROUTER_SECRET };
const asGrace = { as: grace.token, headers: trusted };

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
  await subgraph.ask('{ me { id } }', asGrace);
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const represent = (representations: unknown[], selection = '__typename ... on User { id }') =>
  subgraph.ask(`query ($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`, {
    ...asGrace,
    variables: { of: representations },
  });

describe('references to users', () => {
  it('cost no call by themselves', async () => {
    const { data } = await subgraph.entities([ada.userId, numbered(1001).userId], 'id', { headers: trusted });
    expect(data._entities).toEqual([{ id: ada.userId }, { id: numbered(1001).userId }]);
    for (const { requests } of [subgraph.bird, subgraph.ejento, subgraph.insighto, subgraph.atoms]) {
      expect(requests).toEqual([]);
    }
  });

  it('a hundred of them with forty duplicates cost sixty calls for sixty organizations', async () => {
    const ids = [...hundred.slice(0, 60), ...hundred.slice(0, 40)].map(({ userId }) => userId);
    const { data, errors } = await subgraph.entities(ids, 'id organization { name }', asGrace);
    expect(errors).toEqual([]);
    expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(subgraph.ejento.requests.length).toBe(60);
    expect(new Set(subgraph.ejento.requests.map(({ path }) => path)).size).toBe(60);
  });

  it("a hundred other people's names cost one call", async () => {
    const ids = hundred.map(({ userId }) => userId);
    const { data, errors } = await subgraph.entities(ids, 'id name status timezone', asGrace);
    expect(errors).toEqual([]);
    expect(data._entities.map(({ name }: { name: string }) => name)).toEqual(
      hundred.map(({ firstName, lastName }) => `${firstName} ${lastName}`),
    );
    const { BIRD_ORGANIZATION_ID, BIRD_ACCESS_KEY } = subgraph.settings();
    const userIds = ids.map((id) => `userIds=${id}`).join('&');
    expect(subgraph.bird.requests).toMatchObject([
      {
        method: 'GET',
        path: `/organizations/${BIRD_ORGANIZATION_ID}/users?${userIds}&limit=100`,
        headers: { authorization: `AccessKey ${BIRD_ACCESS_KEY}` },
      },
    ]);
  });

  it('one whose profile is too long to be read costs nobody else theirs', async () => {
    const [tooLong, ...others] = hundred.toReversed();
    subgraph.bird.answersHuge({ path: new RegExp(`userIds=${tooLong?.userId}`) });
    const ids = hundred.map(({ userId }) => userId);
    const { data, errors } = await subgraph.entities(ids, 'id name', asGrace);
    expect(data._entities.map(({ name }: { name: string | null }) => name)).toEqual([
      ...others.toReversed().map(({ firstName, lastName }) => `${firstName} ${lastName}`),
      null,
    ]);
    expect(errors).toMatchObject([
      { path: ['_entities', 99, 'name'], extensions: { code: 'PROVIDER_INVALID_RESPONSE' } },
    ]);
    expect(subgraph.bird.requests.length).toBeLessThanOrEqual(16);
  });

  it('all of whose profiles are too long cost no more than a few calls', async () => {
    subgraph.bird.answersHuge();
    await subgraph.entities(
      hundred.map(({ userId }) => userId),
      'name',
      asGrace,
    );
    expect(subgraph.bird.requests.length).toBeLessThanOrEqual(25);
  });

  it('more than a hundred cost a call for each hundred', async () => {
    const ids = [...hundred.map(({ userId }) => userId), ada.userId];
    const { errors } = await subgraph.entities(ids, 'name', asGrace);
    expect(errors).toEqual([]);
    expect(subgraph.bird.requests.length).toBe(2);
  });

  it('to nobody are null without an error, and the list keeps its order', async () => {
    const nobody = '00000000-0000-4000-8000-00000000dead';
    const { data, errors } = await subgraph.entities([nobody, ada.userId, nobody], 'name', asGrace);
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([null, { name: 'Ada Lovelace' }, null]);
  });

  it('by a key that is null are by the other one, and by none at all null without an error', async () => {
    const { data, errors } = await represent([
      { __typename: 'User', id: null, ejentoUserId: '147' },
      { __typename: 'User', id: ada.userId, ejentoUserId: null },
      { __typename: 'User', id: null, ejentoUserId: null },
      { __typename: 'User', id: null },
      { __typename: 'User', ejentoUserId: null },
    ]);
    const itsAda = { __typename: 'User', id: ada.userId };
    expect(data._entities).toEqual([itsAda, itsAda, null, null, null]);
    expect(errors).toEqual([]);
  });

  it('to nobody are null without an error also for somebody whose token Bird does not take', async () => {
    const { data, errors } = await subgraph.entities(['00000000-0000-4000-8000-00000000dead'], 'name', {
      as: 'stolen',
      headers: trusted,
    });
    expect([data._entities, errors]).toEqual([[null], []]);
    expect(subgraph.bird.lines()).toEqual(['GET /me']);
  });

  it('to somebody unknown, who may be the viewer, are an error while Bird cannot say who that is', async () => {
    subgraph.bird.fails();
    const { data, errors } = await subgraph.entities(['00000000-0000-4000-8000-00000000dead'], 'name', {
      as: numbered(1050).token,
      headers: trusted,
    });
    expect(data._entities).toEqual([null]);
    expect(errors).toMatchObject([
      { path: ['_entities', 0], extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'bird' } },
    ]);
  });

  it('by the Ejento account are resolved through the links, unknown ones being null', async () => {
    const by = (ejentoUserId: unknown) => ({ __typename: 'User', ejentoUserId });
    const { data, errors } = await represent(
      [by('148'), by('999999'), by(ada.ejento.id), by('0'), by('../1'), by(147)],
      '... on User { id ejentoUserId }',
    );
    expect(data._entities).toEqual([
      { id: grace.userId, ejentoUserId: '148' },
      null,
      { id: ada.userId, ejentoUserId: '147' },
      null,
      null,
      null,
    ]);
    expect(errors.map(({ path, extensions }) => [path?.[1], extensions['code']])).toEqual([
      [3, 'BAD_USER_INPUT'],
      [4, 'BAD_USER_INPUT'],
      [5, 'BAD_USER_INPUT'],
    ]);
    expect(subgraph.ejento.requests).toEqual([]);
  });

  it('are resolved by their key alone: nothing else that was sent comes back', async () => {
    const forged = {
      __typename: 'User',
      id: ada.userId,
      name: 'Mallory',
      isAdmin: true,
      organization: { id: '666' },
    };
    const { data } = await represent([forged], '... on User { id name }');
    expect(data._entities).toEqual([{ id: ada.userId, name: 'Ada Lovelace' }]);
  });

  it.each([
    ['an unknown type', { __typename: 'Admin', id: ada.userId }],
    ['a type that is not ours to resolve', { __typename: 'Organization', id: '1' }],
    ['no type', { id: ada.userId }],
    ['no key', { __typename: 'User' }],
    ['a key that is a number', { __typename: 'User', id: 7 }],
    ['a key that is a list', { __typename: 'User', id: [ada.userId] }],
    ['a key that is an object', { __typename: 'User', id: { $ne: null } }],
    ['a key that is a path', { __typename: 'User', id: '../../me' }],
    ['a key that is encoded', { __typename: 'User', id: '%2e%2e%2fme' }],
    ['a key with a line break', { __typename: 'User', id: `${ada.userId}\n` }],
    ['a key of 10 kB', { __typename: 'User', id: 'a'.repeat(10_240) }],
    ['a prototype', JSON.parse('{"__proto__":{"__typename":"User"},"id":"x"}')],
    ['text', 'User'],
    ['a list', []],
  ])('%s costs its own element, and no call', async (_, representation) => {
    const { status, data, errors } = await represent([
      { __typename: 'User', id: ada.userId },
      representation,
      { __typename: 'User', id: grace.userId },
    ]);
    const user = (id: string) => ({ __typename: 'User', id });
    expect(status).toBe(200);
    expect(data._entities).toEqual([user(ada.userId), null, user(grace.userId)]);
    expect(errors).toMatchObject([{ path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(subgraph.bird.requests).toEqual([]);
    expect(subgraph.ejento.requests).toEqual([]);
  });
});

describe('user(id:)', () => {
  it('is a linked person', async () => {
    const { data } = await subgraph.ask(`{ user(id: "${ada.userId}") { name } }`, asGrace);
    expect(data.user).toEqual({ name: 'Ada Lovelace' });
  });

  it('is null without an error when it is nobody', async () => {
    const { data, errors } = await subgraph.ask(
      `{ user(id: "00000000-0000-4000-8000-00000000dead") { name } }`,
      asGrace,
    );
    expect([data.user, errors]).toEqual([null, []]);
  });

  it('refuses what cannot be an id', async () => {
    const { data, errors } = await subgraph.ask(`{ user(id: "../me") { name } }`, asGrace);
    expect(data.user).toBeNull();
    expect(errors).toMatchObject([{ path: ['user'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(subgraph.bird.requests).toEqual([]);
  });
});

describe("somebody else's billing", () => {
  it('comes from their own stored key', async () => {
    const { data } = await subgraph.entities([ada.userId], 'billing { isPaying }', { headers: operator });
    expect(data._entities).toEqual([{ billing: { isPaying: true } }]);
    expect(subgraph.insighto.lines()).toEqual([`GET /api/v1/user?api_key=${ada.insighto.key}`]);
  });

  it("comes from the team's list where no key is stored, page by page until all are found", async () => {
    const withoutKeys = hundred.slice(0, 3).map(({ userId, insighto }) => ({
      userId,
      provider: 'insighto',
      externalId: insighto.id,
      secret: null,
    }));
    await subgraph.links.import(withoutKeys.map((link) => `${JSON.stringify(link)}\n`));
    const ids = withoutKeys.map(({ userId }) => userId);
    const { data, errors } = await subgraph.entities(ids, 'insightoAccount { id }', { headers: operator });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(
      withoutKeys.map(({ externalId }) => ({ insightoAccount: { id: externalId } })),
    );
    const { INSIGHTO_API_KEY } = subgraph.settings();
    expect(subgraph.insighto.lines()).toEqual([
      `GET /api/v1/user/get_agent_list/?page=1&size=100&api_key=${INSIGHTO_API_KEY}`,
    ]);
  });
});
