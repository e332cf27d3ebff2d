import type { GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import type { OperationScope } from '../http/call.ts';

/** An operation as far as telemetry looks at it. */
export interface ObservedOperation extends OperationScope {
  readonly requestId: string;
  /** Replaced when a span of our own stands between the gateway's and the providers'. */
  trace: OperationScope['trace'];
  /** Calls that it asked of each provider. */
  readonly calls: Readonly<Record<string, number>>;
  /** Everybody of whom an operator read in it. */
  readonly peopleRead: ReadonlySet<string> | undefined;
}

/** A request's context as far as telemetry looks at it. */
export interface ObservedContext {
  readonly operation: ObservedOperation;
  /** Who asks; the id is null when no login token came. */
  readonly viewer: { id(): string | null | Promise<string | null> };
}

/** Hears of each operation: when it begins, and what became of it. */
export interface OperationObserver {
  /** The function returned is called once the answer is ready to be sent. */
  begins(context: ObservedContext): (answered: AnsweredOperation) => void;
}

/** An operation that is about to be answered. */
export interface AnsweredOperation {
  /** Absent when it could not be read. */
  definition: OperationDefinitionNode | undefined;
  /** What is answered in place of data, as the client gets it. */
  errors: readonly GraphQLFormattedError[];
}
