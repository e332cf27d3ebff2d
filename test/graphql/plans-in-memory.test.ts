import { getOperationAST, parse } from 'graphql';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { forgetTokens } from '../../src/graphql/document-memory.ts';
import { formatError } from '../../src/graphql/format-error.ts';
import { KnownOperations, type KnownOperationsParts } from '../../src/graphql/known-operations.ts';
import { plannedQuery } from '../../src/graphql/planned-query.ts';
import { limits } from '../../src/graphql/limits.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { ada } from '../simulators/index.ts';
import type { Context } from '../../src/request/context.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use when nothing is left that nobody needs. */
async function bytesInUse(): Promise<number> {
  // What has just been answered is held until the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const schema = buildSchema();
/** Of somebody who may see themselves, and whose organization is always at hand. */
const context = {
  viewer: { isOperator: false, requireId: () => ada.userId },
  operation: { requestId: 'r' },
  ejento: { userOf: () => ({ organization: { id: '1', name: 'x' } }) },
} as unknown as Context;

/** As large as may be, of three kinds: each of what holds most. */
const largest: ((name: number) => string)[] = [
  (name) => `{ me { ${Array.from({ length: 640 }, (_, at) => `a${name}x${at}: id`).join(' ')} } }`,
  (name) =>
    `{ me { ${Array.from({ length: 240 }, (_, at) => `o${name}x${at}: organization { id name }`).join(' ')} } }`,
  (name) =>
    `{ ${Array.from({ length: 135 }, (_, at) => `u${name}x${at}: user(id: "${at}") { id name }`).join(' ')} }`,
];

function documentOf(query: string, operationName?: string) {
  const document = parse(query, { maxTokens: limits.tokens });
  forgetTokens(document);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('There is none.');
  return { document, operation };
}

test.each([0, 1, 2])('a plan holds no more than it is said to: kind %i', async (kind) => {
  const query = (name: number) => largest[kind]?.(name) ?? '';
  const planned = async (name: number) => {
    const { document, operation } = documentOf(query(name));
    const plan = plannedQuery(schema, document, operation);
    const { errors } = (await plan?.execute(context, {})) ?? {};
    expect(errors?.filter(({ originalError }) => originalError instanceof TypeError)).toEqual([]);
    return plan;
  };
  const first = await planned(0);
  const before = await bytesInUse();
  const plans = [];
  for (let name = 1; name <= 20; name++) plans.push(await planned(name));
  const held = (await bytesInUse()) - before;
  const said = plans.reduce((sum, plan) => sum + (plan?.bytes ?? 0), 0);
  expect(held).toBeLessThan(said);
  // And not so much less that the budget would be wasted.
  expect(held).toBeGreaterThan(said / 4);
  expect(first).toBeDefined();
});

test(
  'two hundred of the largest operations, asked three times each, hold less than 48 MiB',
  { timeout: 60_000 },
  async () => {
    const known = new KnownOperations({
      schema,
      formatError,
      observers: [],
      log: { error: (told: unknown) => expect(told).toBeUndefined() },
      config: { maxRepresentations: 500, maxValues: 20_000 },
    } as unknown as KnownOperationsParts);
    const answers = async (query: string) => {
      const { document, operation } = documentOf(query);
      for (let time = 0; time < 2; time++)
        await known.execute({ request: { query }, document, operation, contextValue: context } as never);
      expect(await known.answer({ query }, context)).toHaveProperty('answer.data');
    };
    for (const [kind, query] of largest.entries()) await answers(query(1_000_000 + kind));
    const before = await bytesInUse();
    for (let name = 0; name < 200; name++) await answers(largest[name % 3]?.(name) ?? '');
    expect((await bytesInUse()) - before).toBeLessThan(48 * 1024 * 1024);
  },
);

test('a plan keeps nothing of what is sent with it', async () => {
  const { document, operation } = documentOf(
    'query A($v: ID!) { user(id: $v) { id } } query B($v: Boolean!) { me @include(if: $v) { id } }',
    'A',
  );
  const plan = plannedQuery(schema, document, operation);
  const asked = (at: number) => plan?.execute(context, { v: String(at).repeat(1024 * 1024) });
  await asked(0);
  const before = await bytesInUse();
  for (let at = 1; at <= 4; at++) await asked(at);
  expect((await bytesInUse()) - before).toBeLessThan(1024 * 1024);
});
