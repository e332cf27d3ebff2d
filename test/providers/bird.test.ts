import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ada, grace, numbered } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const asAda = { as: ada.token, headers: { 'router-authorization': ROUTER_SECRET } };
const page = (users: object[], nextPageToken?: string) => ({
  results: users.map((user) => ({ user, status: 'invited', roleRefs: [] })),
  ...(nextPageToken !== undefined && { nextPageToken }),
});
const preview = (id: string, name: string) => ({ id, name });

describe('Bird', () => {
  it('is asked for sessions by their path, once', async () => {
    const { data, errors } = await subgraph.ask(
      '{ me { sessions { id country createdAt } again: sessions { ip } } }',
      asAda,
    );
    expect(errors).toEqual([]);
    expect(data.me.sessions[0]).toMatchObject({ id: expect.any(String), country: expect.any(String) });
    expect(subgraph.bird.lines().toSorted()).toEqual(['GET /me', 'GET /me/sessions']);
  });

  it("answers somebody else from the organization's list: a small preview has nulls, and the membership's status is not theirs", async () => {
    subgraph.bird.answers(200, { body: page([preview(grace.userId, 'Grace')]), path: '/organizations' });
    const { data, errors } = await subgraph.entities([grace.userId], 'name bio status email', {
      headers: operator,
    });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([{ name: 'Grace', bio: null, status: null, email: null }]);
  });

  it('is asked for the next page while somebody is missing, and an empty token ends the list', async () => {
    const [one, two, three] = [numbered(1001), numbered(1002), numbered(1003)];
    subgraph.bird.answers(200, {
      body: page([preview(one.userId, 'One')], 'next-1'),
      path: '/organizations',
      times: 1,
    });
    subgraph.bird.answers(200, {
      body: page([preview(two.userId, 'Two')], ''),
      path: '/organizations',
      times: 1,
    });
    const ids = [one, two, three].map(({ userId }) => userId);
    const { data, errors } = await subgraph.entities(ids, 'name', { headers: operator });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([{ name: 'One' }, { name: 'Two' }, { name: null }]);
    expect(subgraph.bird.lines().map((line) => /pageToken=.*/.exec(line)?.[0])).toEqual([
      undefined,
      'pageToken=next-1',
    ]);
  });

  it('is asked for the page behind an empty one, as far as a list can be believed to go', async () => {
    subgraph.bird.answers(200, { body: page([], 'next-1'), path: '/organizations', times: 1 });
    subgraph.bird.answers(200, { body: page([preview(grace.userId, 'Grace')]), path: '/organizations' });
    const found = await subgraph.entities([grace.userId], 'name', { headers: operator });
    expect([found.data._entities, found.errors]).toEqual([[{ name: 'Grace' }], []]);
    expect(subgraph.bird.requests).toHaveLength(2);

    await subgraph.bird.recovers();
    subgraph.bird.requests.length = 0;
    subgraph.bird.answers(200, { body: page([], 'next'), path: '/organizations' });
    const endless = await subgraph.entities([grace.userId], 'name', { headers: operator });
    expect(endless.data._entities).toEqual([{ name: null }]);
    expect(endless.errors).toMatchObject([
      { extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'bird' } },
    ]);
    expect(subgraph.bird.requests).toHaveLength(10);
  });

  it('whose next page cannot be had shows those who were on the first', async () => {
    subgraph.bird.answers(200, {
      body: page([preview(grace.userId, 'Grace')], 'next'),
      path: '/organizations',
      times: 1,
    });
    subgraph.bird.answers(500, { body: { code: 'InternalError' }, path: /pageToken=next/ });
    const { data, errors } = await subgraph.entities([ada.userId, grace.userId], 'name', {
      headers: operator,
    });
    expect(data._entities).toEqual([{ name: null }, { name: 'Grace' }]);
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'name'], extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'bird' } },
    ]);
  });

  it.each([
    ['is nobody', null],
    ['has no id', { name: 'Grace' }],
    ['has an id that is no UUID', preview('7', 'Grace')],
    ['has the id of nobody', preview('00000000-0000-0000-0000-000000000000', 'Grace')],
  ])('in a list of which one %s shows the others', async (_how, user) => {
    const [one, two] = [numbered(1001), numbered(1002)];
    const results = [preview(one.userId, 'One'), user, preview(two.userId, 'Two')].map((each) => ({
      user: each,
      status: 'active',
    }));
    subgraph.bird.answers(200, { body: { results }, path: '/organizations' });
    const ids = [one, grace, two].map(({ userId }) => userId);
    subgraph.log.length = 0;
    const { data, errors } = await subgraph.entities(ids, 'name', { headers: operator });
    expect(data._entities).toEqual([{ name: 'One' }, { name: null }, { name: 'Two' }]);
    expect(errors).toMatchObject([
      { path: ['_entities', 1, 'name'], extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'bird' } },
    ]);
    const lines = subgraph.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => msg === 'Part of an answer cannot be read.')).toMatchObject([
      { provider: 'bird', path: expect.stringMatching(/^results\.1\.user/), expected: expect.any(String) },
    ]);
  });

  it('that answers about people who were not asked for shows nobody of them', async () => {
    subgraph.bird.answers(200, { body: page([preview(grace.userId, 'Grace')]), path: '/organizations' });
    const { data } = await subgraph.entities([numbered(1001).userId], 'name', { headers: operator });
    expect(data._entities).toEqual([{ name: null }]);
  });

  it("that answers with somebody else's profile shows nothing of it", async () => {
    await subgraph.ask('{ me { id } }', asAda);
    subgraph.bird.answersAnotherPerson();
    const { data, errors } = await subgraph.ask('{ me { id name email } }', asAda);
    expect(data.me).toEqual({ id: ada.userId, name: null, email: null });
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual([
      'PROVIDER_INVALID_RESPONSE',
      'PROVIDER_INVALID_RESPONSE',
    ]);
  });

  it("that answers with somebody else's profile is told to the operator, once for the answer", async () => {
    const failures = async () => {
      const text = await subgraph.metrics();
      return Number(/failures_total\{provider="bird",failure="invalid-response"\} (\d+)/.exec(text)?.[1]);
    };
    const ask = () => subgraph.ask('{ me { id name email bio } }', asAda);
    await ask();
    const before = await failures();
    subgraph.log.length = 0;
    subgraph.bird.answersAnotherPerson();
    await ask();
    expect((await failures()) - before).toBe(1);
    const lines = subgraph.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => msg === 'An answer cannot be used.')).toMatchObject([
      { level: 'warn', provider: 'bird', path: 'id' },
    ]);
  });

  it('that lists the sessions of somebody else shows none of them', async () => {
    await subgraph.ask('{ me { id } }', asAda);
    subgraph.bird.answersAnotherPerson({ path: '/me/sessions' });
    const { data, errors } = await subgraph.ask('{ me { name sessions { ip } } }', asAda);
    expect(data.me).toEqual({ name: 'Ada Lovelace', sessions: null });
    expect(errors).toMatchObject([
      { path: ['me', 'sessions'], extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'bird' } },
    ]);
  });

  it('that writes ids in capitals means the same people: their links are found', async () => {
    const capitals = (text: string) => text.toUpperCase();
    subgraph.bird.answers(200, {
      path: /^\/me$/,
      body: { ...subgraph.bird.user(ada), id: capitals(ada.userId) },
    });
    const session = { tokenId: 't-1', userId: capitals(ada.userId) };
    subgraph.bird.answers(200, { path: '/me/sessions', body: [session] });
    subgraph.bird.answers(200, {
      body: page([preview(capitals(grace.userId), 'Grace')]),
      path: '/organizations',
    });
    const own = await subgraph.ask('{ me { id name organization { name } sessions { id } } }', asAda);
    expect([own.data.me, own.errors]).toEqual([
      {
        id: ada.userId,
        name: 'Ada Lovelace',
        organization: { name: 'Analytical Engines' },
        sessions: [{ id: 't-1' }],
      },
      [],
    ]);
    const others = await subgraph.entities([grace.userId], 'name', asAda);
    expect([others.data._entities, others.errors]).toEqual([[{ name: 'Grace' }], []]);
  });

  it.each(['7', 'ada', '{00000000-0000-4000-8000-000000000ada}', 147, '', null, {}])(
    'that gives the id %j to whom it logs in logs in nobody',
    async (id) => {
      const fresh = await startSubgraph({ ROUTER_SECRET, IDENTITY_CACHE_SECONDS: '0' });
      fresh.bird.answers(200, { path: /^\/me$/, body: { ...fresh.bird.user(ada), id } });
      const { data, errors } = await fresh.ask('{ me { id name } }', asAda);
      expect(data.me).toBeNull();
      expect(errors).toMatchObject([
        { path: ['me'], extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'bird' } },
      ]);
      await fresh.stop();
    },
  );

  it('that lists a session which cannot be read shows the others, and none when one is of somebody else', async () => {
    const own = { tokenId: 't-1', userId: ada.userId };
    const asked = async (body: object[]) => {
      await subgraph.bird.recovers();
      subgraph.bird.answers(200, { path: '/me/sessions', body });
      const { data, errors } = await subgraph.ask('{ me { sessions { id } } }', asAda);
      return [data.me.sessions, errors.length];
    };
    expect(await asked([own, { userId: ada.userId }, { tokenId: 't-2', userId: {} }])).toEqual([
      [{ id: 't-1' }],
      0,
    ]);
    expect(await asked([own, { tokenId: 't-2', userId: grace.userId }])).toEqual([null, 1]);
  });

  it('that does not say whose sessions it lists is believed', async () => {
    const session = { tokenId: 't-1', ip: '192.0.2.1' };
    subgraph.bird.answers(200, { path: '/me/sessions', body: [session] });
    const { data, errors } = await subgraph.ask('{ me { sessions { id ip } } }', asAda);
    expect(errors).toEqual([]);
    expect(data.me.sessions).toEqual([{ id: 't-1', ip: '192.0.2.1' }]);
  });

  it('that took a token for somebody else’s is not believed any more once it says otherwise', async () => {
    const alan = numbered(1050);
    const asAlan = { ...asAda, as: alan.token };
    subgraph.bird.answers(200, { path: /^\/me$/, body: subgraph.bird.user(grace), times: 1 });
    expect((await subgraph.ask('{ me { id } }', asAlan)).data.me).toEqual({ id: grace.userId });
    const contradicted = await subgraph.ask('{ me { name } }', asAlan);
    expect(contradicted.errors).toMatchObject([{ extensions: { code: 'PROVIDER_INVALID_RESPONSE' } }]);
    const { data, errors } = await subgraph.ask('{ me { id name ejentoUserId } }', asAlan);
    expect(errors).toEqual([]);
    const name = `${alan.firstName} ${alan.lastName}`;
    expect(data.me).toEqual({ id: alan.userId, name, ejentoUserId: alan.ejento.id });
  });

  it.each([
    ['in HTML', { body: '<h1>401</h1>', headers: { 'content-type': 'text/html' } }],
    ['in half of a JSON', { body: '{"code":' }],
    ['without a word', {}],
  ])('that refuses a token %s has refused it', async (_how, answer) => {
    // Of nobody else: a refusal is remembered.
    const asSomebody = { ...asAda, as: numbered(1060).token };
    await subgraph.ask('{ me { id } }', asSomebody);
    subgraph.bird.answers(401, answer);
    const { errors } = await subgraph.ask('{ me { name } }', asSomebody);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    const after = await subgraph.ask('{ me { organization { name } } }', asSomebody);
    expect(after.errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('without an organization shows nobody else, with PROVIDER_NOT_CONFIGURED', async () => {
    const alone = await startSubgraph({ ROUTER_SECRET, BIRD_ORGANIZATION_ID: '', BIRD_ACCESS_KEY: '' });
    const { data, errors } = await alone.entities([grace.userId], 'name organization { id }', asAda);
    expect(data._entities).toMatchObject([{ name: null, organization: { id: expect.any(String) } }]);
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_NOT_CONFIGURED', provider: 'bird' } }]);
    await alone.stop();
  });

  it('gives an unknown status as UNKNOWN, and a time that makes no sense as null with an error there', async () => {
    const profile = {
      id: ada.userId,
      name: 'Ada',
      status: 'on-holiday',
      activeSessions: 1,
      createdAt: 'last week',
    };
    subgraph.bird.answers(200, { body: profile });
    const { data, errors } = await subgraph.ask('{ me { status createdAt updatedAt } }', asAda);
    expect(errors).toMatchObject([
      { path: ['me', 'createdAt'], extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'bird' } },
    ]);
    expect(data.me).toEqual({ status: 'UNKNOWN', createdAt: null, updatedAt: null });
    const warning = subgraph.log.find((line) => line.includes('createdAt'));
    expect(warning).toBeDefined();
    expect(warning).not.toContain('last week');
  });
});
