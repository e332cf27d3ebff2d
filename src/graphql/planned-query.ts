import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type GraphQLSchema,
  visit,
  BREAK,
} from 'graphql';
import { type Executor, executorOf } from './execution/executor.ts';
import { bytesOfDocument } from './document-memory.ts';
import { fragmentsOf, selectionCounter } from './extents.ts';
import { type Demand, demandOf } from './representations.ts';
import { type VariableValues, variableValuesOf } from './variable-values.ts';

/** A query with all that is worked out once for all its requests. */
export interface PlannedQuery extends Pick<Executor, 'execute'> {
  operation: OperationDefinitionNode;
  demandOf(variables: object): Demand;
  valuesOf: VariableValues;
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
  const { execute, combinations } = executorOf(schema, document, operation);
  return {
    operation,
    demandOf: demandOf(document, operation),
    valuesOf: variableValuesOf(schema, operation),
    execute,
    // As if everything that is selected had been asked for: a part is planned when it is.
    bytes: bytesOfDocument(document) + selectionsIn(document, operation) * combinations * BYTES_OF_FIELD,
  };
}

/** Measured. */
const BYTES_OF_FIELD = 500;

function selectionsIn(document: DocumentNode, { selectionSet }: OperationDefinitionNode): number {
  return selectionCounter(fragmentsOf(document))(selectionSet);
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
