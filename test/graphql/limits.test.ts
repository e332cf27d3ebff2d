import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { openFrontDoor } from '../server/front-door.ts';

const nested = (levels: number) => `${'{tree'.repeat(levels - 1)}{id${'}'.repeat(levels)}`;
const manyNames = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ');
const aliases = (count: number) => `{${manyNames(count)}}`;

/** Fragments that each spread the next one twice: 2^times leaves, out of a line of text for each time. */
const doubling = (times: number) =>
  `{tree{...f0}} fragment f${times} on Tree{id} ${Array.from(
    { length: times },
    (_, i) => `fragment f${i} on Tree{...f${i + 1} ...f${i + 1}}`,
  ).join(' ')}`;

const representations = (count: number) =>
  Array.from({ length: count }, () => ({ __typename: 'Tree', id: '1' }));
const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';

describe('an operation that asks for too much is refused with a 400 that says what is too much', () => {
  test.each([
    ['depth 16', nested(16), /16 levels deep.*at most 15/],
    ['depth 40', nested(40), /40 levels deep.*at most 15/],
    [
      'depth 16 through fragments',
      `{tree{...a}} fragment a on Tree ${nested(8)} fragment b on Tree ${nested(8)}`.replace(
        '{id}',
        '{...b}',
      ),
      /16 levels deep/,
    ],
    ['2^20 fragments', doubling(20), /selects 3145728 fields and fragments.*at most 1000/],
    ['2^150 fragments', doubling(150), /selects [\d.e+]+ fields and fragments.*at most 1000/],
    [
      '1,001 selections through a fragment',
      `{${'...f '.repeat(20)}} fragment f on Query {${manyNames(50)}}`,
      /selects 1020 fields and fragments/,
    ],
    ['10,000 aliases', aliases(10_000), /more that 2000 tokens/],
    [
      '20,000 tokens',
      `{echo(text: "x" ${'#\n'.repeat(10)} ${', text: "x"'.repeat(6_700)})}`,
      /more that 2000 tokens/,
    ],
    [
      'four directives in one place',
      '{tree{id @skip(if:false) @skip(if:false) @include(if:true) @include(if:true)}}',
      /More than 3 directives/,
    ],
    [
      'a name 101 times',
      `{tree{...f id}} fragment f on Tree {${'id '.repeat(100)}}`,
      /one name 101 times.*at most 100/,
    ],
    ['an alias of 101 characters', `{${'a'.repeat(101)}: __typename}`, /alias is longer than 100 characters/],
    ['a subscription', 'subscription { tree }', /no subscription here/],
    ['two mutations', 'mutation { first second }', /has 2 mutation fields; only 1/],
    ['one mutation twice', 'mutation { a: first b: first }', /has 2 mutation fields/],
    [
      'a mutation called like the type name',
      'mutation { __typename: first b: first }',
      /has 2 mutation fields/,
    ],
    [
      'two mutations through fragments',
      'mutation M { ...f ... { first } } fragment f on Mutation { second }',
      /"M" has 2 mutation fields/,
    ],
  ])('%s', async (_name, query, message) => {
    const door = await openFrontDoor();
    await door.ask('{tree{id}}');
    const resolved = door.resolved();

    const { status, body } = await door.ask(query);

    expect({ status, data: body.data }).toEqual({ status: 400, data: undefined });
    expect(body.errors?.map((error) => error.message)).toContainEqual(expect.stringMatching(message));
    expect(door.resolved()).toBe(resolved);
  });

  test('10,000 representations, in a variable', async () => {
    const door = await openFrontDoor({ maxRepresentations: 500 });
    // As long as the body's limit allows.
    const { status, body } = await door.ask(entities, { variables: { r: Array(10_000).fill({ a: 1 }) } });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject(
      [
        { message: /asks for 10000 representations; at most 500/, extensions: { code: 'BAD_USER_INPUT' } },
      ].map(({ message, ...rest }) => ({ message: expect.stringMatching(message), ...rest })),
    );
    expect(door.resolved()).toBe(0);
  });

  test('many selections of many entities, fragments expanded, also of an operation that was asked before', async () => {
    const door = await openFrontDoor({ maxValues: 600 });
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ...f ...f ...f } } fragment f on Tree { ${manyNames(99)} }`;
    for (let time = 0; time < 3; time++)
      expect((await door.ask(query, { variables: { r: representations(1) } })).status).toBe(200);
    const { status, body } = await door.ask(query, { variables: { r: representations(2) } });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      {
        message: expect.stringMatching(/asks for 601 values.* its 2 representations.*at most 600/),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test.each([
    [
      'literally',
      '{ _entities(representations: [{__typename:"Tree" id:"1"},{__typename:"Tree" id:"1"},{__typename:"Tree" id:"1"}, {}]) { __typename } }',
    ],
    [
      'in two aliases',
      'query ($r: [_Any!]!) { a: _entities(representations: $r) { __typename } b: _entities(representations: $r) { __typename } }',
    ],
    [
      'in a fragment',
      'query ($r: [_Any!]!) { ...f ...f } fragment f on Query { ... { _entities(representations: $r) { __typename } } }',
    ],
    [
      'by default, to a variable with a name that objects have',
      'query ($constructor: [_Any!]! = [{}, {}, {}, {}]) { _entities(representations: $constructor) { __typename } }',
    ],
    [
      'by default',
      'query ($d: [_Any!]! = [{}, {}, {}, {}]) { _entities(representations: $d) { __typename } }',
    ],
  ])('representations, counted also when they are given %s', async (_name, query) => {
    const door = await openFrontDoor({ maxRepresentations: 3 });
    const { status, body } = await door.ask(query, { variables: { r: representations(2) } });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.message).toMatch(/asks for 4 representations; at most 3/);
  });
});

describe('an operation at the limit is answered', () => {
  test.each([
    ['depth 15', nested(15)],
    ['1,000 selections', `{${'...f '.repeat(20)}} fragment f on Query {${manyNames(49)}}`],
    ['a name 100 times', `{tree{...f id}} fragment f on Tree {${'id '.repeat(99)}}`],
    ['an alias of 100 characters', `{${'a'.repeat(100)}: __typename}`],
    ['three directives', '{tree{id @skip(if:false) @include(if:true)}}'],
    ['one mutation beside the type name', 'mutation { __typename first }'],
    [
      'the usual introspection',
      getIntrospectionQuery({
        schemaDescription: true,
        inputValueDeprecation: true,
        specifiedByUrl: true,
        oneOf: true,
      }),
    ],
  ])('%s', async (_name, query) => {
    const door = await openFrontDoor();
    const { status, body } = await door.ask(query);
    expect(body.errors).toBeUndefined();
    expect(status).toBe(200);
  });

  test('as many representations as are allowed', async () => {
    const door = await openFrontDoor({ maxRepresentations: 3 });
    const { status, body } = await door.ask(entities, { variables: { r: representations(3) } });
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    expect(door.resolved()).toBe(3);
  });
});
