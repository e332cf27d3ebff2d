import { describe, expect, test } from 'vitest';
import { openFrontDoor } from '../server/front-door.ts';

const secret = 'a-private-value';

test.each([
  ['a scalar', 'Int', 'number', secret, 'at "v". It does not fit its type.'],
  ['an enum value close to one', 'Choice', 'choice', `YESS ${secret}`, 'at "v". It does not fit its type.'],
  ['a field of an input', 'Pick', 'of', { number: secret }, 'at "v.number". It does not fit its type.'],
  [
    'a missing field',
    'Pick',
    'of',
    { text: secret },
    'at "v". Field "number" of required type "Int!" was not provided.',
  ],
  [
    'an unknown field',
    'Pick',
    'of',
    { number: 1, [`numbr${secret}`]: 1 },
    'at "v". It has a field that Pick does not.',
  ],
  [
    'an unknown field close to one',
    'Pick',
    'of',
    { number: 1, texts: secret },
    'at "v". It has a field that Pick does not.',
  ],
  [
    'text that looks like a message',
    'Int',
    'number',
    `${secret} at "v.${secret}"; Did you mean`,
    'at "v". It does not fit its type.',
  ],
])(
  'a variable that does not fit is named, its value is not: %s',
  async (_name, type, argument, value, told) => {
    const door = await openFrontDoor();
    const { status, body, text } = await door.ask(`query ($v: ${type}) { echo(${argument}: $v) }`, {
      variables: { v: value },
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { message: `Variable "$v" got an invalid value ${told}`, extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(text).not.toContain(secret);
    expect(text).not.toContain('Did you mean');
    expect(door.log.join()).not.toContain(secret);
  },
);

const pick = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, secret]));
const declared = (count: number) => Array.from({ length: count }, (_, index) => `$v${index}: Int`).join(' ');
const used = (count: number) =>
  Array.from({ length: count }, (_, index) => `a${index}: echo(number: $v${index})`).join(' ');

test('ten wrong values are told one by one, and of more no more is looked at', async () => {
  const door = await openFrontDoor();
  const wrong = 'Variable "$v" got an invalid value at "v". It has a field that Pick does not.';
  const told = async (count: number) => {
    const variables = { v: { number: 1, ...pick(count) } };
    const { status, body } = await door.ask('query ($v: Pick!) { echo(of: $v) }', { variables });
    expect(status).toBe(400);
    return body.errors?.map(({ message }) => message);
  };
  expect(await told(10)).toEqual(Array(10).fill(wrong));
  expect(await told(11)).toEqual([`More than 10 values of the variables are wrong. The first: ${wrong}`]);
});

test('what takes too long to compare is refused in words', async () => {
  const door = await openFrontDoor();
  const { status, body } = await door.ask(`{ ${`tree { ${'id '.repeat(30)} } `.repeat(30)} }`);
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ message: expect.stringMatching(/Select each once\.$/) }]);
});

describe('whatever graphql-js says of the request while it executes is the caller’s', () => {
  test.each<[string, number, string, Record<string, unknown>, string]>([
    [
      '51 wrong variables',
      400,
      `query (${declared(51)}) { ${used(51)} }`,
      pick(51),
      'More than 10 values of the variables are wrong. The first: Variable "$v0" got an invalid value at "v0". It does not fit its type.',
    ],
    [
      'a variable that is missing',
      400,
      'query ($v: Int!) { echo(number: $v) }',
      {},
      'Variable "$v" of required type "Int!" was not provided.',
    ],
    [
      'a variable that is null',
      400,
      'query ($v: Int!) { echo(number: $v) }',
      { v: null },
      'Variable "$v" of non-null type "Int!" must not be null.',
    ],
    [
      'null in a list that is a variable',
      400,
      'query ($v: [_Any!]!) { _entities(representations: $v) { __typename } }',
      { v: [null] },
      'Variable "$v" got an invalid value at "v[0]". It does not fit its type.',
    ],
    [
      'null within a list, over a default',
      200,
      'query ($v: _Any = 1) { _entities(representations: [$v]) { __typename } }',
      { v: null },
      'Argument "representations" has invalid value: it does not fit its type.',
    ],
    [
      'null over a default',
      200,
      'query ($v: [_Any!] = []) { _entities(representations: $v) { __typename } }',
      { v: null },
      'Argument "representations" of non-null type "[_Any!]!" must not be null.',
    ],
    [
      'a condition that is null over its default',
      200,
      'query ($v: Boolean = true) { tree { id @include(if: $v) } }',
      { v: null },
      'Argument "if" of non-null type "Boolean!" must not be null.',
    ],
    [
      'a field of an input that is null over its default',
      200,
      'query ($v: Int = 1) { echo(of: { number: $v, text: "a-private-value" }) }',
      { v: null },
      'Argument "of" has invalid value: it does not fit its type.',
    ],
  ])('%s', async (_name, status, query, variables, message) => {
    const door = await openFrontDoor();
    const answer = await door.ask(query, { variables });
    expect(answer.status).toBe(status);
    expect(answer.body.errors?.at(-1)).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
    expect(new Set(answer.body.errors?.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['BAD_USER_INPUT']),
    );
    expect(answer.text).not.toContain(secret);
    expect(door.log.join()).not.toContain('"level":"error"');
  });

  test('a name that there is no operation of is cut, and never in the middle of a character', async () => {
    const door = await openFrontDoor();
    for (const operationName of ['x'.repeat(200_000), `${'x'.repeat(499 - 25)}😀`, '\ud83d']) {
      const response = await door.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: 'query A { tree { id } }', operationName }),
      });
      const text = await response.text();
      expect(response.status).toBe(400);
      expect(text.length).toBeLessThan(700);
      expect(text).not.toMatch(/\\ud/i);
      expect(JSON.parse(text).errors).toMatchObject([
        {
          message: expect.stringMatching(/^Unknown operation named "/),
          extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
        },
      ]);
    }
  });

  test('nor does anything else repeat more than a part of what was sent', async () => {
    const door = await openFrontDoor();
    for (const query of [
      `{ ${'x'.repeat(200_000)} }`,
      `{ tree { id } } "${'x'.repeat(100_000)}"`,
      `{ echo(number: "${'x'.repeat(100_000)}") }`,
      `query ($${'x'.repeat(200_000)}: Int!) { tree { id } }`,
    ]) {
      const { status, text } = await door.ask(query);
      expect(status).toBe(400);
      expect(text.length).toBeLessThan(2_000);
    }
  });
});

test.each([
  `{ echo(text "${secret}") }`,
  `{ echo(text """${secret}""") }`,
  `{ echo("${secret}") }`,
  `{ echo(text: {"${secret}"}) }`,
  '{ echo(text apiKey_without_quotes) }',
  '{ echo(text 170141183460469231731687303715884105727) }',
  '{ tree { id } } 1.25',
])('a value that stands in a wrong place is not repeated: %s', async (query) => {
  const door = await openFrontDoor();
  const { status, body, text } = await door.ask(query);
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([
    {
      message: expect.stringMatching(/^Syntax Error: .*(Name|String|Int|Float)\.$/),
      locations: [{ line: 1 }],
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    },
  ]);
  expect(text + door.log.join()).not.toMatch(/a-private-value|without_quotes|1701411834|1\.25/);
});

test('production suggests no names of the schema', async () => {
  const door = await openFrontDoor({ production: true, introspection: false });
  const { status, text } = await door.ask('{ tre { id } }');
  expect(status).toBe(400);
  expect(text).toContain('Cannot query field');
  expect(text).not.toContain('Did you mean');
  expect(text).not.toContain('tree');
});

test('introspection is refused where it is switched off, and the subgraph SDL is still served', async () => {
  const door = await openFrontDoor({ introspection: false });
  const { status, body } = await door.ask('{ __schema { types { name } } }');
  expect(status).toBe(400);
  expect(body.errors?.[0]?.message).toMatch(/introspection is not allowed/);
  expect((await door.ask('{ _service { sdl } }')).text).toContain('type Tree');
});
