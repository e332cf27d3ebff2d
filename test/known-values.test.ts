import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { buildSchema, execute, type GraphQLObjectType, isEnumType, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everything } from './support/everything.ts';
import { readyOperations } from './support/ready-operations.ts';
import { startSubgraph, type Subgraph } from './support/subgraph.ts';

const file = new URL('../contract/schema.graphql', import.meta.url);
const committed = buildSchema(await readFile(file, 'utf8'));

const all = `{ me { ${everything(committed.getType('User') as GraphQLObjectType)} } }`;
const allOfMe = { name: 'All', document: all, as: 'demo-ada', variables: {} };

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ IDENTITY_CACHE_SECONDS: '0' });
});
afterAll(() => subgraph.stop());

/** What a provider may come to answer: what the contract knows, in any spelling, what JavaScript knows, and anything. */
const value = fc.oneof(
  fc
    .constantFrom(
      ...Object.values(committed.getTypeMap())
        .filter(isEnumType)
        .flatMap((each) => each.getValues().map(({ name }) => name)),
    )
    .chain((name) => fc.constantFrom(name, name.toLowerCase(), ` ${name}`)),
  fc.constantFrom('on_hold', 'constructor', '__proto__', 'toString', 'UpdateMeLater'),
  fc.string(),
  fc.jsonValue(),
);
/** The providers' keys of enumerations, and those that GraphQL or JavaScript would read if they came through. */
const keys = ['status', 'stripe_subscription_status', 'provider', '__typename', 'isTypeOf'];
const answered = fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });

const seen = new Set<unknown>();

test('whatever providers answer, no answer holds an enum value or type that the committed schema does not have', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(allOfMe, ...readyOperations), answered, async (operation, values) => {
      await subgraph.reset();
      for (const provider of [subgraph.bird, subgraph.ejento, subgraph.insighto, subgraph.atoms])
        provider.answersWith(values);
      const { data, errors } = await subgraph.ask(operation.document, operation);
      // What a provider invents is UNKNOWN, and is not caught as late as when the answer is written.
      expect(errors.map(({ extensions }) => extensions['code'])).not.toContain('INTERNAL_SERVER_ERROR');
      // The answer once more, read by the schema of a client: a value or type that it does not have is an error.
      const read = await execute({
        schema: committed,
        document: parse(operation.document),
        rootValue: data,
        variableValues: operation.variables,
      });
      expect(read.errors).toBe(undefined);
      expect(JSON.parse(JSON.stringify(read.data))).toEqual(data);
      seen.add(data?.me?.status).add(data?.me?.billing?.subscriptionStatus);
    }),
    {
      numRuns: 200,
      examples: [
        [allOfMe, { status: 'banned', stripe_subscription_status: 'paused' }],
        [allOfMe, { status: 'BANNED', stripe_subscription_status: 'on_hold' }],
      ],
    },
  );
  expect([...seen]).toEqual(expect.arrayContaining(['BANNED', 'PAUSED', 'UNKNOWN']));
});
