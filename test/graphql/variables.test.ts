import { expect, test } from 'vitest';
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
