import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type GraphQLSchema,
  visit,
  BREAK,
} from 'graphql';
import { type Executor, executorOf } from './execution/executor.ts';
import { type Demand, demandOf } from './representations.ts';
import { type VariableValues, variableValuesOf } from './variable-values.ts';

/** A query with all that is worked out once for all its requests. */
export interface PlannedQuery {
  operation: OperationDefinitionNode;
  demandOf(variables: object): Demand;
  valuesOf: VariableValues;
  execute: Executor;
  /** The memory that it holds at most, the document included. */
  bytes: number;
}

/** Plans an operation that Apollo Server has found good; undefined when it is one for Apollo Server to execute. */
export function plannedQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode | undefined,
): PlannedQuery | undefined {
  // There is none when the request means one that the document does not have.
  if (operation?.operation !== 'query' || isIntrospection(document)) return undefined;
  return {
    operation,
    demandOf: demandOf(document, operation),
    valuesOf: variableValuesOf(schema, operation),
    execute: executorOf(schema, document, operation),
    bytes: bytesOf(document),
  };
}

function isIntrospection(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    [Kind.FIELD]({ name: { value } }) {
      isFound ||= value === '__schema' || value === '__type';
      return isFound ? BREAK : undefined;
    },
  });
  return isFound;
}

/** Measured: what is kept of a document without its tokens, and of the plan that is made of it, each for a node. */
const BYTES_OF_NODE = 300;

function bytesOf(document: DocumentNode): number {
  let nodes = 0;
  visit(document, { enter: () => void (nodes += 1) });
  return nodes * BYTES_OF_NODE;
}
