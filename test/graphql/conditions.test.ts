import { buildSchema, getOperationAST, type GraphQLResolveInfo, parse } from 'graphql';
import { expect, test } from 'vitest';
import { executorOf } from '../../src/graphql/execution/executor.ts';

/** What resolvers are told of a field belongs to the plan: another object means that it was worked out again. */
function executorWith(names: readonly string[]) {
  const schema = buildSchema('type Query { a: Int b: Int }');
  const plans = new Set<unknown>();
  const field = schema.getQueryType()?.getFields()['a'];
  if (!field) throw new Error('There is no field.');
  field.resolve = (_source, _args, _context, { fieldNodes }: GraphQLResolveInfo) => {
    plans.add(fieldNodes);
    return 1;
  };
  const variables = names.map((name) => `$${name}: Boolean! = false`).join(' ');
  const document = parse(
    `query (${variables}) { a ${names.map((name) => `${name}: b @include(if: $${name})`).join(' ')} }`,
  );
  const operation = getOperationAST(document);
  if (!operation) throw new Error('There is none.');
  const { execute, combinations } = executorOf(schema, document, operation);
  return {
    combinations,
    plans: () => plans.size,
    async keysFor(wanted: readonly string[]) {
      const { data } = await execute(
        {},
        Object.fromEntries(names.map((name) => [name, wanted.includes(name)])),
      );
      return Object.keys(data ?? {});
    },
  };
}

test('a combination of conditions is worked out once, while four others or fewer are asked for', async () => {
  const { keysFor, plans, combinations } = executorWith(['x', 'y']);
  for (let time = 0; time < 10; time++)
    for (const wanted of [[], ['x'], ['y'], ['x', 'y']])
      expect(await keysFor(wanted)).toEqual(['a', ...wanted]);
  expect([plans(), combinations]).toEqual([4, 4]);
});

test('however many there are, four are kept: who asks for ever others pays for a plan each time, and holds no more', async () => {
  const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
  const { keysFor, plans, combinations } = executorWith(names);
  for (const name of names) expect(await keysFor([name])).toEqual(['a', name]);
  expect([plans(), combinations]).toEqual([20, 4]);
  for (const name of names.slice(-4)) await keysFor([name]);
  expect(plans()).toBe(20);
  await keysFor(['n0']);
  expect(plans()).toBe(21);
});
