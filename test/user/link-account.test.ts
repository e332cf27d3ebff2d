import type { GraphQLEnumType } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountOfKey } from '../../src/providers/registry.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { ada, grace, linus, numbered } from '../simulators/index.ts';
import { startSubgraph, type Subgraph } from '../support/subgraph.ts';

const LINK = `mutation Link($input: LinkAccountInput!) {
  linkAccount(input: $input) {
    __typename
    ... on LinkAccountSuccess { user { id insightoAccount { id } atomsAccount { id } } }
    ... on LinkAccountInvalid { fieldErrors { field message } }
  }
}`;
const UNLINK = `mutation Unlink($input: UnlinkAccountInput!) {
  unlinkAccount(input: $input) {
    __typename
    ... on UnlinkAccountSuccess { user { id insightoAccount { id } atomsAccount { id } } }
  }
}`;
/** Everybody in the simulators is linked, but for these two accounts: nobody's yet. */
const newcomer = numbered(1_100);

let subgraph: Subgraph;
beforeEach(async () => {
  subgraph = await startSubgraph();
  await subgraph.links.remove(newcomer.userId);
});
afterEach(() => subgraph.stop());

const link = (as: string, provider: string, apiKey: string) =>
  subgraph.ask(LINK, { as, variables: { input: { provider, apiKey } } });
const unlink = (as: string, provider: string) =>
  subgraph.ask(UNLINK, { as, variables: { input: { provider } } });
const linksOf = async (userId: string) =>
  ((await subgraph.links.of([userId])).get(userId) ?? []).map(({ provider, externalId }) => [
    provider,
    externalId,
  ]);

describe('linkAccount', () => {
  it('links the account that the provider names, and reads it in the same operation', async () => {
    const { data, errors } = await link(newcomer.token, 'INSIGHTO', newcomer.insighto.key);
    expect(errors).toEqual([]);
    expect(data.linkAccount).toEqual({
      __typename: 'LinkAccountSuccess',
      user: { id: newcomer.userId, insightoAccount: { id: newcomer.insighto.id }, atomsAccount: null },
    });
    const second = await link(newcomer.token, 'ATOMS', newcomer.atoms?.key ?? '');
    expect(second.data.linkAccount.user.atomsAccount).toEqual({ id: newcomer.atoms?.id });
    expect(await linksOf(newcomer.userId)).toEqual([
      ['atoms', newcomer.atoms?.id],
      ['insighto', newcomer.insighto.id],
    ]);
  });

  it('asks who is asking anew, and the provider once before it links', async () => {
    await subgraph.ask('{ me { id } }', { as: newcomer.token });
    await subgraph.reset();
    await link(newcomer.token, 'ATOMS', newcomer.atoms?.key ?? '');
    expect(subgraph.bird.calls('GET')).toMatchObject([{ path: '/me' }]);
    expect(subgraph.atoms.calls('GET').map(({ path }) => path)).toEqual(['/atoms/v1/user', '/atoms/v1/user']);
  });

  it('replaces one’s own link', async () => {
    await link(newcomer.token, 'INSIGHTO', newcomer.insighto.key);
    const other = numbered(1_099);
    await subgraph.links.remove(other.userId);
    const { data } = await link(newcomer.token, 'INSIGHTO', other.insighto.key);
    expect(data.linkAccount.user.insightoAccount).toEqual({ id: other.insighto.id });
    expect(await linksOf(newcomer.userId)).toEqual([['insighto', other.insighto.id]]);
  });

  it('makes a member: the public part of others is seen, by either key, and theirs by others', async () => {
    const asNewcomer = { as: newcomer.token };
    const publicPart = () =>
      subgraph.entities([ada.userId], 'name organization { name } billing { isPaying }', asNewcomer);
    const byNumber = () =>
      subgraph.ask('query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id name } } }', {
        ...asNewcomer,
        variables: { of: [{ __typename: 'User', ejentoUserId: ada.ejento.id }] },
      });
    const before = await publicPart();
    expect(before.data._entities).toEqual([{ name: null, organization: null, billing: null }]);

    await link(newcomer.token, 'INSIGHTO', newcomer.insighto.key);
    const { data, errors } = await publicPart();
    expect(data._entities).toEqual([
      { name: 'Ada Lovelace', organization: { name: expect.any(String) }, billing: null },
    ]);
    expect(errors).toMatchObject([{ path: ['_entities', 0, 'billing'], extensions: { code: 'FORBIDDEN' } }]);
    expect((await byNumber()).data._entities).toEqual([{ id: ada.userId, name: 'Ada Lovelace' }]);
    // And they are seen, by those who are members.
    const seen = await subgraph.entities([newcomer.userId], 'name', { as: ada.token });
    expect(seen.data._entities).toEqual([{ name: expect.any(String) }]);

    await subgraph.ask(
      'mutation { unlinkAccount(input: { provider: INSIGHTO }) { __typename } }',
      asNewcomer,
    );
    expect((await publicPart()).data._entities).toEqual([{ name: null, organization: null, billing: null }]);
  });

  it('takes a key as it is pasted, with space around it', async () => {
    const { data } = await link(newcomer.token, 'ATOMS', `  ${newcomer.atoms?.key}\n`);
    expect(data.linkAccount.__typename).toBe('LinkAccountSuccess');
  });

  it('links nothing to an account that is deleted, for nobody would be left to remove it', async () => {
    subgraph.bird.keepsDeleted();
    subgraph.bird.deletes(newcomer);
    const { data, errors } = await link(newcomer.token, 'INSIGHTO', newcomer.insighto.key);
    expect(data.linkAccount).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await linksOf(newcomer.userId)).toEqual([]);
  });

  it('refuses an account that is somebody else’s, without a word about whom', async () => {
    const { data, text } = await link(newcomer.token, 'INSIGHTO', ada.insighto.key);
    expect(data.linkAccount.fieldErrors).toMatchObject([{ field: 'apiKey' }]);
    expect(text).not.toMatch(new RegExp(`${ada.userId}|${ada.firstName}|${ada.insighto.id}`));
    expect(await linksOf(ada.userId)).toHaveLength([...subgraph.people.links([ada])].length);
    expect(await linksOf(newcomer.userId)).toEqual([]);
  });

  it('of twenty who send one key at once, one has the account', async () => {
    const people = Array.from({ length: 20 }, (_, at) => numbered(1_011 + at));
    const answers = await Promise.all(
      people.map(({ token }) => link(token, 'INSIGHTO', newcomer.insighto.key)),
    );
    const outcomes = answers.map(({ data }) => data.linkAccount.__typename);
    expect(outcomes.filter((name) => name === 'LinkAccountSuccess')).toHaveLength(1);
    expect(outcomes.filter((name) => name === 'LinkAccountInvalid')).toHaveLength(19);
  });

  it.each(['INSIGHTO', 'ATOMS'])('a key that %s does not take is a field error', async (provider) => {
    const { data, errors } = await link(newcomer.token, provider, 'sk_of-nobody-planted');
    expect(errors).toEqual([]);
    expect(data.linkAccount).toMatchObject({
      __typename: 'LinkAccountInvalid',
      fieldErrors: [{ field: 'apiKey', message: expect.stringMatching(/does not take this key/) }],
    });
  });

  it.each(['', '   ', 'two words', 'line\nbreak', 'ümlaut', 'x'.repeat(513), '\u0000'])(
    'what cannot be a key is sent nowhere: %j',
    async (apiKey) => {
      const { data } = await link(newcomer.token, 'ATOMS', apiKey);
      expect(data.linkAccount.fieldErrors).toMatchObject([{ field: 'apiKey' }]);
      expect(subgraph.atoms.received).toBe(0);
    },
  );

  it.each(['fails', 'resets', 'rateLimits', 'answersSuccessFalse', 'truncates'] as const)(
    'changes nothing while the provider is in trouble: %s',
    async (trouble) => {
      subgraph.atoms[trouble]();
      const { data, errors } = await link(newcomer.token, 'ATOMS', newcomer.atoms?.key ?? '');
      expect(data.linkAccount).toBeNull();
      expect(errors).toMatchObject([
        {
          path: ['linkAccount'],
          extensions: { code: expect.stringMatching(/^PROVIDER_/), provider: 'atoms' },
        },
      ]);
      expect(await linksOf(newcomer.userId)).toEqual([]);
      await subgraph.reset();
    },
  );

  it('says so where no key is set to seal people’s keys with', async () => {
    const keyless = await startSubgraph({ LINKS_ENCRYPTION_KEY: '' }, { links: [] });
    const { data, errors } = await keyless.ask(LINK, {
      as: newcomer.token,
      variables: { input: { provider: 'ATOMS', apiKey: newcomer.atoms?.key } },
    });
    expect(data.linkAccount).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_NOT_CONFIGURED', provider: 'links' } }]);
    await keyless.stop();
  });

  it('lets a person try five keys a minute, and others theirs', async () => {
    for (let time = 0; time < 5; time++) await link(newcomer.token, 'ATOMS', `sk_guess_planted_${time}`);
    await subgraph.reset();
    const { data } = await link(newcomer.token, 'ATOMS', newcomer.atoms?.key ?? '');
    expect(data.linkAccount.fieldErrors).toMatchObject([
      { field: 'input', message: expect.stringMatching(/Wait/) },
    ]);
    expect(subgraph.atoms.received).toBe(0);
    await subgraph.links.remove(linus.userId);
    const others = await link(linus.token, 'INSIGHTO', linus.insighto.key);
    expect(others.data.linkAccount.__typename).toBe('LinkAccountSuccess');
  });

  it('is for people who are logged in', async () => {
    const { data, errors } = await subgraph.ask(LINK, {
      variables: { input: { provider: 'ATOMS', apiKey: newcomer.atoms?.key } },
    });
    expect(data.linkAccount).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(subgraph.atoms.received).toBe(0);
  });

  it('leaves a line that says who and where', async () => {
    await link(newcomer.token, 'ATOMS', newcomer.atoms?.key ?? '');
    const lines = subgraph.log.filter((line) => line.includes('account linked'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ level: 'info', userId: newcomer.userId, provider: 'atoms' }),
    ]);
  });
});

describe('unlinkAccount', () => {
  it('removes the link and its key, and reads so in the same operation', async () => {
    const { data, errors } = await unlink(grace.token, 'ATOMS');
    expect(errors).toEqual([]);
    expect(data.unlinkAccount).toEqual({
      __typename: 'UnlinkAccountSuccess',
      user: { id: grace.userId, insightoAccount: { id: grace.insighto.id }, atomsAccount: null },
    });
    const others = [...subgraph.people.links([grace])].filter(({ provider }) => provider !== 'atoms');
    const left = await linksOf(grace.userId);
    expect(left.map(([provider]) => provider)).toEqual(others.map(({ provider }) => provider).toSorted());
  });

  it('may be repeated', async () => {
    for (let time = 0; time < 2; time++)
      expect((await unlink(linus.token, 'ATOMS')).data.unlinkAccount.__typename).toBe('UnlinkAccountSuccess');
  });

  it('gives the account back to whoever proves that it is theirs', async () => {
    await unlink(grace.token, 'ATOMS');
    const { data } = await link(newcomer.token, 'ATOMS', grace.atoms?.key ?? '');
    expect(data.linkAccount.__typename).toBe('LinkAccountSuccess');
  });
});

describe('a key inside of a document', () => {
  const KEY = 'sk_planted_in_a_document';
  it.each([
    `mutation { linkAccount(input: { provider: ATOMS, apiKey: "${KEY}" }) { __typename } }`,
    `mutation { linkAccount(input: { provider: ATOMS, apiKey: ${KEY} }) { __typename } }`,
    `mutation { linkAccount(input: { provider: ATOMS, apiKey: ["${KEY}"] }) { __typename } }`,
    `mutation { linkAccount(input: "${KEY}") { __typename } }`,
    `mutation { linkAccount(apiKey: """${KEY}""") { __typename } }`,
    `mutation ($key: String = "${KEY}") { linkAccount(input: { provider: ATOMS, apiKey: $key }) { __typename } }`,
    `mutation ($i: LinkAccountInput = { provider: ATOMS, apiKey: "${KEY}" }) { linkAccount(input: $i) { __typename } }`,
    `mutation ($i: LinkAccountInput!) { linkAccount(input: $i) @include(if: "${KEY}") { __typename } }`,
    `mutation { ...A } fragment A on Mutation { linkAccount(input: { provider: ATOMS, apiKey: "${KEY}" }) { __typename } }`,
    `query { me { id } } mutation L { linkAccount(input: { provider: "${KEY}", apiKey: 7 }) { __typename } }`,
  ])('is refused before anything is done, and not repeated: %s', async (query) => {
    const { status, errors, text } = await subgraph.ask(query, {
      as: newcomer.token,
    });
    expect(status).toBe(400);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/as a variable/)]);
    expect(text + subgraph.log.join('\n')).not.toContain(KEY);
    expect(subgraph.bird.received + subgraph.atoms.received + subgraph.insighto.received).toBe(0);
  });

  it('is none where the provider alone is named there', async () => {
    const query = `mutation ($key: String!, $no: Boolean!) {
      linkAccount(input: { provider: ATOMS, apiKey: $key }) @skip(if: $no) { __typename }
    }`;
    const { data } = await subgraph.ask(query, {
      as: newcomer.token,
      variables: { key: newcomer.atoms?.key, no: false },
    });
    expect(data.linkAccount.__typename).toBe('LinkAccountSuccess');
  });
});

it('people can link where the provider says whose a key is, and nowhere else', () => {
  const names = (buildSchema().getType('LinkableProvider') as GraphQLEnumType).getValues();
  expect(names.map(({ name }) => name.toLowerCase()).toSorted()).toEqual(
    Object.keys(accountOfKey).toSorted(),
  );
});
