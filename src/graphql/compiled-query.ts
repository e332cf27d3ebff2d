import {
  BREAK,
  Kind,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Context } from '../request/context.ts';
import { repeatsIn } from './limits.ts';
import type { Logger } from '../telemetry/log.ts';
import { type Demand, demandOf } from './representations.ts';
import { type VariableValues, variableValuesOf } from './variable-values.ts';

/** A query with all that is worked out once for all its requests. */
export interface CompiledQuery {
  operation: OperationDefinitionNode;
  demandOf(variables: object): Demand;
  /** Not left to the compiled form, which has other ideas about defaults. */
  valuesOf: VariableValues;
  run(root: undefined, context: Context, variables: object): ExecutionResult | Promise<ExecutionResult>;
}

/** Compiles a query that Apollo Server has found good; undefined when the compiled form would not answer as it does. */
export async function compiledQuery(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { schema, log }: { schema: GraphQLSchema; log: Logger },
): Promise<CompiledQuery | undefined> {
  if (holdsLiteral(document) || isForApollo(document, operation)) return undefined;
  try {
    // Not at start: it takes 40 ms to load.
    const { compileQuery, isCompiledQuery } = await import('graphql-jit');
    const compiled = compileQuery(schema, document, operation.name?.value);
    if (!isCompiledQuery(compiled)) return undefined;
    return {
      operation,
      demandOf: demandOf(document, operation),
      valuesOf: variableValuesOf(schema, operation),
      run: compiled.query,
    };
  } catch (err) {
    log.warn({ err }, 'A query cannot be compiled. Apollo Server goes on answering it.');
    return undefined;
  }
}

/** Values that a client's document may hold: arguments, defaults, directives' arguments and their parts. */
const LITERALS: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);

/** Whether a client's text is in the document as anything but a name: names alone may become a part of a program. */
function holdsLiteral(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    enter({ kind }) {
      isFound ||= LITERALS.has(kind);
      return isFound ? BREAK : undefined;
    },
  });
  return isFound;
}

/** What the compiled form would answer in another way. */
function isForApollo(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  let isFound = false;
  let isConditional = false;
  let hasFragments = false;
  visit(document, {
    // Introspection, and names that mean something to JavaScript, such as `__proto__`.
    [Kind.FIELD]: ({ name, alias }) => {
      isFound ||= [name.value, alias?.value].some((text) => text?.startsWith('__') && text !== '__typename');
    },
    // The same, and a variable within a list or an object: it would not be filled in.
    [Kind.VARIABLE]: ({ name }, _key, parent) => {
      const kind = parent && 'kind' in parent && parent.kind;
      isFound ||= name.value.startsWith('__');
      isFound ||= kind !== Kind.ARGUMENT && kind !== Kind.VARIABLE_DEFINITION;
    },
    [Kind.DIRECTIVE]: () => {
      isConditional = true;
    },
    [Kind.FRAGMENT_DEFINITION]: () => {
      hasFragments = true;
    },
  });
  if (!isConditional) return isFound;
  // A condition that is null, over a default, would be taken for false: it is an error.
  const mayBeNull = (operation.variableDefinitions ?? []).some(
    ({ type, defaultValue }) => defaultValue && type.kind !== Kind.NON_NULL_TYPE,
  );
  // A fragment that is left out in one place would be left out in another, and a field that is asked for in two places
  // would stand where it was left out.
  return isFound || mayBeNull || hasFragments || repeatsIn(operation) > 1;
}
