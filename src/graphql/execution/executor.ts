import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Soon } from '../../loading/soon.ts';
import type { ResolveObject } from './completions.ts';
import { conditionsOf } from './conditions.ts';
import { later, Pending } from './pending.ts';
import type { OperationFacts } from './resolve-info.ts';
import { Run, type Variables } from './run.ts';
import { rootSelection } from './selection.ts';

/** What executes one operation. */
export interface Executor {
  /** For the coerced values of its variables. Never rejects. */
  execute(context: unknown, variables: Variables): Soon<Answer>;
  /** How often it is worked out at most: once for each combination of its conditions that is kept. */
  combinations: number;
}

/** What comes of an operation. */
export interface Answer {
  data: Record<string, unknown> | null;
  /** In the order in which they came up; empty when all is well. */
  errors: readonly GraphQLError[];
  /** How long `data` is at most as JSON, but for what has to be escaped. */
  characters?: number | undefined;
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
  const names = conditionsOf(document, operation);
  const known = new LRUCache<string, ResolveObject>({ max: MOST_COMBINATIONS });
  let only: ResolveObject | undefined;

  /** Nothing of the request is kept but these values. */
  function rootFor(conditions: Variables): ResolveObject {
    const root = schema.getQueryType();
    if (!root) throw new Error('The schema has no queries.');
    return rootSelection(root, of, conditions);
  }

  function selectionFor(variables: Variables): ResolveObject {
    if (names.length === 0) return (only ??= rootFor({}));
    const given = names.filter((name) => Object.hasOwn(variables, name));
    const key = given.map((name) => `${name} ${String(variables[name])}`).join();
    let selection = known.get(key);
    if (!selection) {
      selection = rootFor(Object.fromEntries(given.map((name) => [name, variables[name]])));
      known.set(key, selection);
    }
    return selection;
  }

  return {
    combinations: Math.min(2 ** names.length, MOST_COMBINATIONS),
    execute(context, variables) {
      const run = new Run(context, variables);
      try {
        const data = selectionFor(variables)(run, undefined, undefined);
        return data instanceof Pending ? whenThere(run, data) : answered(run, data);
      } catch (error) {
        run.nullsAll(error as GraphQLError);
        return answered(run, null);
      }
    },
  };
}

function whenThere(run: Run, pending: Pending): Promise<Answer> {
  return new Promise((resolve) => {
    pending.wait(
      (data) => resolve(answered(run, data)),
      (error) =>
        later(1, () => {
          run.nullsAll(error as GraphQLError);
          resolve(answered(run, null));
        }),
    );
  });
}

function answered({ errors, characters }: Run, data: unknown): Answer {
  return { data: data as Answer['data'], errors, characters };
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  return fragments;
}
