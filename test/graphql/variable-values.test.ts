import fc from 'fast-check';
import { buildSchema, getVariableValues, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { variableValuesOf } from '../../src/graphql/variable-values.ts';

const schema = buildSchema(`
  scalar Any
  enum Choice { one two }
  input Pick { choice: Choice = one, number: Int! }
  type Query { ask(any: Any, list: [Any!], id: ID, number: Int, choices: [Choice], grid: [[Int!]], pick: Pick, flag: Boolean): String }
`);
const types = [
  'Any',
  '[Any!]!',
  'ID!',
  'Int',
  'Int! = 7',
  '[Choice]',
  '[[Int!]]',
  '[ID!] = ["a"]',
  'Pick',
  'Boolean',
  'String',
];

const value = fc.oneof(
  fc.jsonValue(),
  fc.array(fc.constantFrom('one', 'two', 3, null, [1, 2])),
  fc.record({ number: fc.integer({ max: 9 }) }),
);

test('variables are read as graphql-js reads them', () => {
  const one = fc.constantFrom(...types);
  const variables = fc.record({ a: value, b: value }, { requiredKeys: [] });
  fc.assert(
    fc.property(one, one, variables, (a, b, sent) => {
      const [operation] = parse(`query ($a: ${a}, $b: ${b}) { __typename }`).definitions;
      if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not an operation');
      expect(variableValuesOf(schema, operation)(sent)).toEqual(
        getVariableValues(schema, operation.variableDefinitions ?? [], sent).coerced,
      );
    }),
    { numRuns: 2_000 },
  );
});
