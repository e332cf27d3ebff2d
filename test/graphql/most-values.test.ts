import { isObjectType } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildSchema } from '../../src/graphql/schema.ts';
import { ada, numbered } from '../simulators/index.ts';
import { sessionsOf } from '../simulators/bird-data.ts';
import { everything } from '../support/everything.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => numbered(1001 + (index % 100)).userId);
const aliases = (count: number, field: string) =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');
const trusted = { 'router-authorization': ROUTER_SECRET };
const asAda = { as: ada.token, headers: trusted };

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({
    ROUTER_SECRET,
    OPERATION_TIMEOUT_MS: '60000',
    ATOMS_TIMEOUT_MS: '60000',
    EJENTO_TIMEOUT_MS: '60000',
    INSIGHTO_TIMEOUT_MS: '60000',
  });
});
afterAll(() => subgraph.stop());
afterEach(() => subgraph.reset());

const callsMade = () =>
  [subgraph.bird, subgraph.ejento, subgraph.insighto, subgraph.atoms].flatMap((it) => it.lines());

describe('what one answer may hold', () => {
  it('has room for all that there is of a hundred people', async () => {
    const user = buildSchema().getType('User');
    if (!isObjectType(user)) throw new Error('There is no User.');
    const ids = Array.from({ length: 100 }, (_, index) => numbered(1001 + index).userId);
    const { status, errors } = await subgraph.entities(ids, everything(user, ['sessions']), {
      headers: operator,
    });
    expect([status, errors]).toEqual([200, []]);
  });

  it('and for twenty fields of five hundred', async () => {
    const selection = aliases(20, 'name');
    const { status, data, errors } = await subgraph.entities(people(500), selection, asAda);
    expect([status, errors, data._entities.length]).toEqual([200, [], 500]);
  });

  it.each([
    ['149 aliases of 500 people', people(500), aliases(149, 'email')],
    [
      'what a fragment multiplies',
      people(500),
      `${'...f '.repeat(3)} } } } fragment f on User { ${aliases(20, 'name')} ... on User { ... on User { id`,
    ],
  ])(
    'and is refused before anything is called, also when the operation is a known one: %s',
    async (_name, ids, selection) => {
      for (let time = 0; time < 3; time++)
        await subgraph.entities(ids.slice(0, 1), selection, { headers: trusted });
      await subgraph.reset();
      const { status, data, errors } = await subgraph.entities(ids, selection, asAda);
      expect({ status, data, calls: callsMade() }).toEqual({ status: 400, data: undefined, calls: [] });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/values.*at most 25000/), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    },
  );

  it('counts what is beside references, too', async () => {
    const of = people(500).map((id) => ({ __typename: 'User', id }));
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${aliases(48, 'name')} } } me { ${aliases(500, 'name')} } }`;
    const { status, errors } = await subgraph.ask(query, { ...asAda, variables: { of } });
    expect([status, errors[0]?.message]).toEqual([400, expect.stringContaining('asks for 25002 values')]);
  });
});

describe('a list that a provider answers', () => {
  const sessions = (count: number) => {
    const [session] = sessionsOf(ada);
    const one = (index: number) => ({
      ...session,
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    });
    return { path: /sessions/, body: Array.from({ length: count }, (_, index) => one(index)) };
  };

  it.each([1, 3])(
    'counts its elements for each alias, and costs itself when they are too many (asked %i times)',
    async (times) => {
      subgraph.bird.answers(200, sessions(500));
      const query = `{ me { name ${aliases(26, 'sessions { id ip }')} } }`;
      let answer = await subgraph.ask(query, asAda);
      for (let time = 1; time < times; time++) answer = await subgraph.ask(query, asAda);
      const { status, data, errors } = answer;
      expect([status, data.me.name, data.me.a24.length, data.me.a25]).toEqual([
        200,
        'Ada Lovelace',
        500,
        null,
      ]);
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('more than 25000 values'),
          path: ['me', 'a25'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
    },
  );
});

describe('an answer that takes too many bytes', () => {
  async function open() {
    const small = await startSubgraph({ MAX_ANSWER_BYTES: '10000' });
    onTestFinished(() => small.stop());
    return small;
  }
  const tooLarge = {
    message: expect.stringMatching(/more than 10000 bytes.*carried out all the same/),
    extensions: { code: 'BAD_USER_INPUT' },
  };

  it('is an error and no half of it, each time that it is asked', async () => {
    const small = await open();
    const query = `{ me { ${aliases(600, 'email')} } }`;
    for (let time = 0; time < 4; time++) {
      const { status, data, errors, text } = await small.ask(query, { as: ada.token });
      expect([status, data, errors]).toEqual([200, null, [tooLarge]]);
      expect(text.length).toBeLessThan(500);
    }
    expect(small.log.filter((line) => line.includes('larger than MAX_ANSWER_BYTES'))).toHaveLength(4);
  });

  it('is told as what it is in the log and in the metrics, however it was asked', async () => {
    const small = await open();
    const refused = { code: 'BAD_USER_INPUT', count: 1 };
    const queries = [
      ...Array<string>(3).fill(`{ me { ${aliases(600, 'email')} } }`),
      `{ __schema { types { fields { description } } } }`,
    ];
    for (const query of queries) {
      await small.ask(query, { as: ada.token });
      // The last: where the suite is run with known queries, each is asked more often than that.
      const lines = small.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'operation');
      expect(lines.at(-1)).toMatchObject({ type: 'query', errors: [refused] });
    }
    const metrics = await small.metrics();
    const counted = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0);
    expect(counted('user_subgraph_errors_total{code="BAD_USER_INPUT",provider=""}')).toBeGreaterThanOrEqual(
      4,
    );
    expect(counted('user_subgraph_operations_total{type="query",outcome="errors"}')).toBeGreaterThanOrEqual(
      4,
    );
    expect(counted('user_subgraph_operations_total{type="query",outcome="ok"}')).toBe(0);
  });

  it('says of a mutation that it has been carried out', async () => {
    const small = await open();
    const query = `mutation { updateMe(input: { bio: "${'b'.repeat(300)}" }) { ... on UpdateMeSuccess { user { ${aliases(90, 'bio')} } } } }`;
    const { status, data, errors } = await small.ask(query, { as: ada.token });
    expect([status, data, errors]).toEqual([200, null, [tooLarge]]);
    expect(small.bird.count('PATCH', '/me')).toBe(1);
  });
});
