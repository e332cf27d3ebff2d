import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Soon } from '../../loading/soon.ts';
import type { ResolveObject } from './completions.ts';
import { later, Pending } from './pending.ts';
import type { OperationFacts } from './resolve-info.ts';
import { Run, type Variables } from './run.ts';
import { rootSelection } from './selection.ts';

/** Executes one operation, for the coerced values of its variables. Never rejects. */
export type Executor = (context: unknown, variables: Variables) => Soon<Answer>;

/** What comes of an operation. */
export interface Answer {
  data: Record<string, unknown> | null;
  /** In the order in which they came up; empty when all is well. */
  errors: readonly GraphQLError[];
}

/** Of one operation: each combination of its conditions is worked out by itself. */
const MOST_COMBINATIONS = 4;

/**
 * Works out how a query is executed, once for all its requests: `execute` of graphql-js with everything done in advance
 * that does not depend on the request. It answers the same in every respect, the order of keys and errors included.
 * Nothing of the document becomes a program: it is looked up, called and compared, never evaluated.
 */
export function executorOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Executor {
  const of: OperationFacts = { schema, operation, fragments: fragmentsOf(document) };
  const names = conditionsOf(document);
  const selections = new LRUCache<string, ResolveObject>({ max: MOST_COMBINATIONS });

  function selectionFor(variables: Variables): ResolveObject {
    const conditions = Object.fromEntries(
      names.flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name]]] : [])),
    );
    const key = names.map((name) => String(conditions[name])).join();
    const known = selections.get(key);
    if (known) return known;
    const root = schema.getQueryType();
    if (!root) throw new Error('There is no query type.');
    const selection = rootSelection(root, of, conditions);
    selections.set(key, selection);
    return selection;
  }

  return (context, variables) => {
    const run = new Run(context, variables);
    try {
      const data = selectionFor(variables)(run, undefined, undefined);
      return data instanceof Pending ? whenThere(run, data) : answered(run, data);
    } catch (error) {
      run.nullsAll(error as GraphQLError);
      return answered(run, null);
    }
  };
}

function whenThere(run: Run, pending: Pending): Promise<Answer> {
  return new Promise((resolve) => {
    pending.onValue = (data) => resolve(answered(run, data));
    pending.onError = (error) =>
      later(1, () => {
        run.nullsAll(error as GraphQLError);
        resolve(answered(run, null));
      });
  });
}

function answered({ errors }: Run, data: unknown): Answer {
  return { data: data as Answer['data'], errors };
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  return fragments;
}

/** The variables that decide what is selected. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    [Kind.DIRECTIVE]: ({ arguments: values = [] }) => {
      for (const { value } of values) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
