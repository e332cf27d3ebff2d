import fc from 'fast-check';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
  parse,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { executorOf } from '../../src/graphql/execution/executor.ts';
import { anyOperation, anyVariables, graph, type Seeded } from '../support/any-graph.ts';

// `execute` forgets the promises of a list's elements when another element has nulled the list: nobody handles their errors.
const listeners = process.listeners('unhandledRejection');
beforeAll(() => void process.removeAllListeners('unhandledRejection').on('unhandledRejection', () => {}));
afterAll(() => {
  process.removeAllListeners('unhandledRejection');
  for (const listener of listeners) process.on('unhandledRejection', listener);
});

function executed(document: DocumentNode, variables: Record<string, unknown>, context: Seeded) {
  const operation = getOperationAST(document);
  if (!operation) throw new Error('There is none.');
  const { coerced, errors } = getVariableValues(graph, operation.variableDefinitions ?? [], variables);
  if (!coerced) throw new Error(`These variables do not fit: ${errors?.join()}`);
  return executorOf(graph, document, operation).execute(context, coerced);
}

/** All of an answer, in its order: what is sent, and what is only logged. */
function told({ data, errors = [] }: ExecutionResult) {
  return {
    data: JSON.stringify(data),
    errors: errors.map((error) => ({
      json: JSON.stringify(error),
      original: String(error.originalError),
      nodes: error.nodes?.map(({ loc }) => loc?.start),
      name: error.name,
    })),
  };
}

test.each([0, 10, 40])(
  'whatever is asked is answered as by execute, with trouble in %i of 100 values',
  async (trouble) => {
    await fc.assert(
      fc.asyncProperty(anyOperation, anyVariables, fc.nat(), async (text, variables, seed) => {
        const document = parse(text);
        const expected = await execute({
          schema: graph,
          document,
          variableValues: variables,
          contextValue: { seed, trouble },
        });
        const actual = await executed(document, variables, { seed, trouble });
        expect(told(actual)).toEqual(told(expected));
        expect(actual.characters).toBeGreaterThanOrEqual(unescapedLength(actual.data));
      }),
      { numRuns: 1_000 },
    );
  },
);

/** Of the JSON of data. */
function unescapedLength(data: unknown): number {
  const plain = (_key: string, value: unknown) =>
    typeof value === 'string' ? 'x'.repeat(value.length) : value;
  return JSON.stringify(data, plain).length;
}
