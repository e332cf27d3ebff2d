import type { GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { Context } from '../request/context.ts';

/** Hears of each operation: when it begins, and what became of it. */
export interface OperationObserver {
  /** The function returned is called once the answer is ready to be sent. */
  begins(context: Context): (answered: AnsweredOperation) => void;
}

/** An operation that is about to be answered. */
export interface AnsweredOperation {
  /** Absent when it could not be read. */
  definition: OperationDefinitionNode | undefined;
  /** What is answered in place of data, as the client gets it. */
  errors: readonly GraphQLFormattedError[];
}
