import { ApolloServer } from '@apollo/server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readOperations } from '../../src/explorer/presets.ts';
import { ada, grace, linus, numbered } from '../simulators/index.ts';
import { type Asking, operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

const trusted = { 'router-authorization': ROUTER_SECRET };
const asAda = { as: ada.token, headers: trusted };
const asLinus = { as: linus.token, headers: trusted };
const NOBODY = '00000000-0000-4000-8000-00000000dead';

let subgraph: Subgraph;
beforeAll(async () => {
  // Each time an operation is asked it asks each provider once, so that three failures are three attempts.
  const retries = {
    IDENTITY_CACHE_SECONDS: '0',
    BIRD_RETRIES: '0',
    EJENTO_RETRIES: '0',
    INSIGHTO_RETRIES: '0',
    ATOMS_RETRIES: '0',
  };
  subgraph = await startSubgraph({ ROUTER_SECRET, ...retries });
});
afterAll(() => subgraph.stop());
const ordinary = vi.spyOn(ApolloServer.prototype, 'executeOperation');
beforeEach(() => subgraph.reset());
afterEach(() => ordinary.mockClear());

/** What a client gets, without what is different each time. */
async function answerTo(query: string, asking: Asking) {
  const { status, headers, text } = await subgraph.ask(query, asking);
  const id = headers.get('x-request-id') ?? '';
  const sent = Object.fromEntries([...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)));
  return { status, headers: sent, text: text.replaceAll(id, 'ID') };
}

let asked = 0;
const neverSeen = (text: string) => `${text} # ${asked++}`;

/** Asks three times: the third answer does not come from Apollo Server, and is the same in every byte. */
async function isTheSame(text: string, asking: Asking = asAda) {
  const query = neverSeen(text);
  ordinary.mockClear();
  const first = await answerTo(query, asking);
  expect(await answerTo(query, asking)).toEqual(first);
  expect(ordinary).toHaveBeenCalledTimes(2);
  expect(await answerTo(query, asking)).toEqual(first);
  expect(ordinary).toHaveBeenCalledTimes(2);
  return first;
}

const entities = (selection: string) =>
  `query Of($of: [_Any!]!) { _entities(representations: $of) { __typename ... on User { ${selection} } } }`;
const users = (...ids: unknown[]) => ({ of: ids.map((id) => ({ __typename: 'User', id })) });

describe('a known operation is answered as Apollo Server answers it', () => {
  const selections = [
    '{ me { id __typename } }',
    '{ me { ...a } again: me { ...a ...b } } fragment a on User { n: name name } fragment b on User { bio n: name }',
    '{ me { organization { id name __typename createdAt } billing { subscriptionStatus activePlan { name } } } }',
    '{ me { emails { email verified } sessions { ip } badges } }',
    '{ _service { sdl } }',
    '{ __typename }',
  ];
  it.each(selections)('%s', async (query) => {
    await isTheSame(query);
  });

  it.each([grace.userId, NOBODY, 'not an id'])('for user %s', async (id) => {
    const query =
      'query User($id: ID!) { user(id: $id) { name email organization { name } billing { isPaying } } }';
    await isTheSame(query, { ...asAda, variables: { id } });
  });

  it('for somebody who is not linked everywhere', async () => {
    await isTheSame('{ me { name atomsAccount { id subscription { planId } } } }', asLinus);
  });

  it('for nobody', async () => {
    await isTheSame('{ me { name } }', { headers: trusted });
  });

  it('for representations of which some cannot be resolved', async () => {
    const of = [
      ...users(ada.userId, NOBODY, 'x', 7, ada.userId).of,
      { __typename: 'Robot', id: '1' },
      { __typename: 'User' },
      { __typename: 'User', ejentoUserId: grace.ejento.id, forged: true },
    ];
    await isTheSame(entities('id name ejentoUserId'), { ...asAda, variables: { of } });
  });

  it('for a hundred people, by an operator', async () => {
    const ids = Array.from({ length: 100 }, (_, at) => numbered(1_001 + at).userId);
    const selection = 'name email organization { name } billing { isPaying } atomsAccount { email }';
    await isTheSame(entities(selection), { headers: operator, variables: users(...ids) });
  });

  it.each([true, false])('with variables in directives, %s', async (isWanted) => {
    const query = `query Q($yes: Boolean!, $no: Boolean!) {
      me { name @include(if: $yes) bio @skip(if: $no) ... @include(if: $no) { locale emails @skip(if: $yes) { id } } }
    }`;
    await isTheSame(query, { ...asAda, variables: { yes: true, no: isWanted } });
    await isTheSame(query, { ...asAda, variables: { yes: false, no: isWanted } });
  });
});

describe('so are the ready operations', async () => {
  const operations = [...(await readOperations())].filter(([, text]) => text.includes('query '));
  it.each(operations)('%s', async (_name, text) => {
    const variables = { id: grace.userId, ids: [], representations: users(grace.userId).of };
    const wanted = Object.entries(variables).filter(([name]) => text.includes(`$${name}`));
    await isTheSame(text, { ...asAda, variables: Object.fromEntries(wanted) });
  });
});

describe('so is one that meets trouble', () => {
  const everything = '{ me { name organization { name } billing { isPaying } atomsAccount { email } } }';
  it.each(['bird', 'ejento', 'insighto', 'atoms'] as const)('at %s', async (name) => {
    for (const trouble of [
      'fails',
      'isUnauthorized',
      'notFound',
      'answersWrongTypes',
      'answersAnotherPerson',
    ] as const) {
      subgraph[name][trouble]();
      await isTheSame(everything, asAda);
      await subgraph.reset();
      await subgraph.ask(everything, asAda); // so that no provider fails five times in a row
    }
  });

  it('of our own making: it is masked, and logged under the request', async () => {
    const broken = vi
      .spyOn(subgraph.links, 'of')
      .mockImplementation(() => Promise.reject(new TypeError('secret text')));
    const { text } = await isTheSame(entities('name'), { headers: operator, variables: users(grace.userId) });
    broken.mockRestore();
    expect(text).toContain('Give its operators the request id ID.');
    expect(text).not.toContain('secret');
    expect(subgraph.log.filter((line) => line.includes('nobody foresaw')).length).toBe(3);
  });
});

describe('Apollo Server is asked all the same', () => {
  const query = neverSeen('query Known($id: ID!) { user(id: $id) { id } }');
  const asking = { ...asAda, variables: { id: ada.userId } };
  const isOrdinary = async (times: number, of: Promise<unknown>) => {
    await of;
    expect(ordinary).toHaveBeenCalledTimes(times);
  };
  beforeEach(async () => {
    for (let time = 0; time < 3; time++) await subgraph.ask(query, asking);
    ordinary.mockClear();
  });

  it('only where it has to be', async () => {
    await isOrdinary(0, subgraph.ask(query, asking));
  });

  it.each([{}, { id: null }, { id: [] }, { id: {} }, { id: 1.5 }])(
    'when variables do not fit: %j',
    async (variables) => {
      const answer = await subgraph.ask(query, { ...asking, variables });
      expect(ordinary).toHaveBeenCalledTimes(1);
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
    },
  );

  it('when another operation is meant', async () => {
    await isOrdinary(1, subgraph.ask(query, { ...asking, operationName: 'Unknown' }));
  });

  it.each([{ extensions: {} }, { extensions: { persistedQuery: { version: 1 } } }, { operationName: '' }])(
    'when %j is sent with it',
    async (more) => {
      const response = fetch(`${subgraph.url}/graphql`, {
        method: 'POST',
        headers: { ...trusted, 'content-type': 'application/json', authorization: `Bearer ${ada.token}` },
        body: JSON.stringify({ query, variables: asking.variables, ...more }),
      });
      await isOrdinary(1, response);
    },
  );

  it.each([
    ['', '{ me { id } }', undefined],
    ['A\nquery A { me { id } }', 'query B { me { name } }', 'query A { me { id } }\nquery B { me { name } }'],
  ])('when %j is meant, that no operation is named', async (operationName, query, known = query) => {
    const named = known === query ? {} : { operationName: 'A' };
    for (let time = 0; time < 3; time++) await subgraph.ask(known, { ...asAda, ...named });
    const { status, errors } = await subgraph.ask(query, { ...asAda, operationName });
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }]);
  });

  it('for too many representations', async () => {
    const ids = Array.from({ length: 501 }, () => ada.userId);
    const many = entities('id');
    for (let time = 0; time < 3; time++) await subgraph.ask(many, { ...asAda, variables: users(ada.userId) });
    ordinary.mockClear();
    const answer = await subgraph.ask(many, { ...asAda, variables: users(...ids) });
    expect(ordinary).toHaveBeenCalledTimes(1);
    expect(answer.status).toBe(400);
  });

  it('for mutations, each of which is made once', async () => {
    const mutation = 'mutation { updateMe(input: { bio: "new" }) { __typename } }';
    for (let time = 0; time < 4; time++) await subgraph.ask(mutation, asAda);
    expect(ordinary).toHaveBeenCalledTimes(4);
    expect(subgraph.bird.count('PATCH')).toBe(4);
  });

  it('for introspection', async () => {
    for (let time = 0; time < 4; time++) await subgraph.ask('{ __schema { queryType { name } } }', asAda);
    expect(ordinary).toHaveBeenCalledTimes(4);
  });
});

describe('what looks odd is known as well:', () => {
  it.each([
    '{ user(id: "00000000-0000-4000-8000-000000009ace") { id } }',
    'query ($id: ID = "00000000-0000-4000-8000-000000009ace") { user(id: $id) { id } }',
    '{ me { id @include(if: true) } }',
    '{ me { ... @skip(if: false) { id } } }',
    '{ user(id: 7) { id } }',
    '{ _entities(representations: []) { __typename } }',
    '{ _entities(representations: [{ a: FIRST, b: null, c: 1.5, d: "" }]) { __typename } }',
    '{ me { __proto__: id constructor: name toJSON: bio } __proto__: __typename }',
  ])('%s', async (query) => {
    await isTheSame(query);
  });

  it('an argument that is null over its default', async () => {
    const query = `query Q($id: ID = "${grace.userId}") { user(id: $id) { id } }`;
    const { errors } = await subgraph.ask(query, { ...asAda, variables: { id: null } });
    expect(errors).toMatchObject([
      {
        message: 'Argument "id" of non-null type "ID!" must not be null.',
        path: ['user'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('a variable whose name is not only a name', async () => {
    const query = 'query ($__proto__: ID!) { user(id: $__proto__) { id } }';
    const variables = JSON.parse(`{"__proto__": "${ada.userId}"}`);
    for (let time = 0; time < 4; time++) {
      const { data } = await subgraph.ask(query, { ...asAda, variables });
      expect(data.user).toEqual({ id: ada.userId });
    }
    expect(ordinary).toHaveBeenCalledTimes(2);
  });

  it.each([true, false])('a field asked for twice and once left out, %s', async (isLeftOut) => {
    const query = neverSeen('query Q($no: Boolean!) { me { id ... @skip(if: $no) { bio } name bio } }');
    for (let time = 0; time < 4; time++) {
      const { data } = await subgraph.ask(query, { ...asAda, variables: { no: isLeftOut } });
      expect(Object.keys(data.me)).toEqual(isLeftOut ? ['id', 'name', 'bio'] : ['id', 'bio', 'name']);
    }
    expect(ordinary).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['[{ __typename: "User", id: $id }]', 'ID!', grace.userId],
    ['[$id]', '_Any!', { __typename: 'User', id: grace.userId }],
  ])('a variable within %s', async (of, type, value) => {
    const query = `query Q($id: ${type}) { _entities(representations: ${of}) { ... on User { id } } }`;
    for (let time = 0; time < 4; time++) {
      const { data } = await subgraph.ask(query, { ...asAda, variables: { id: value } });
      expect(data).toEqual({ _entities: [{ id: grace.userId }] });
    }
    expect(ordinary).toHaveBeenCalledTimes(2);
  });

  it('a fragment that is left out in one place only', async () => {
    const query = '{ me { id ...A @skip(if: true) } too: me { id ...A } } fragment A on User { again: id }';
    const id = ada.userId;
    for (let time = 0; time < 4; time++)
      expect((await subgraph.ask(query, asAda)).data).toEqual({ me: { id }, too: { id, again: id } });
    expect(ordinary).toHaveBeenCalledTimes(2);
  });

  describe('a variable that is a condition in another operation of the document only', () => {
    const other = 'query B($a: Boolean!, $b: Boolean!) { me { id @include(if: $a) name @skip(if: $b) } }';
    const represented = `query A($a: [_Any!]!) { _entities(representations: $a) { ... on User { id } } } ${other}`;

    it('may be what is no text for JavaScript', async () => {
      const of = { __typename: 'User', id: grace.userId, toString: 1, valueOf: null };
      const asking = { ...asAda, operationName: 'A', variables: { a: [of] } };
      for (let time = 0; time < 4; time++) {
        const { data, errors } = await subgraph.ask(represented, asking);
        expect({ data, errors }).toEqual({ data: { _entities: [{ id: grace.userId }] }, errors: [] });
      }
    });

    it('does not decide what is selected, whatever its text looks like', async () => {
      const query = `query B($a: Boolean!, $c: Boolean!, $b: Boolean!) {
        me @include(if: $a) { id @skip(if: $c) name @include(if: $b) }
      } query A($a: ID!, $c: Boolean!, $b: ID!) {
        x: user(id: $a) { id } y: user(id: $b) { id } me { id name @skip(if: $c) }
      }`;
      const named = async (variables: object) => {
        const asking = { ...asAda, operationName: 'A', variables: { ...variables } };
        return 'name' in (await subgraph.ask(query, asking)).data.me;
      };
      for (let time = 0; time < 3; time++) {
        expect(await named({ a: '1', c: true, b: '2,c false,b 3' })).toBe(false);
        expect(await named({ a: '1,c true,b 2', c: false, b: '3' })).toBe(true);
      }
    });
  });

  it('a condition that may be null: null is an error', async () => {
    const query = 'query Q($a: Boolean = true) { me { id name @include(if: $a) } }';
    for (let time = 0; time < 4; time++) {
      const { data, errors } = await subgraph.ask(query, { ...asAda, variables: { a: null } });
      expect(data).toEqual({ me: null });
      expect(errors).toMatchObject([
        {
          message: 'Argument "if" of non-null type "Boolean!" must not be null.',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
    }
    expect(ordinary).toHaveBeenCalledTimes(2);
  });
});
