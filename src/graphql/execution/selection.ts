import {
  type FieldNode,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { type ArgumentsOf, argumentsOf } from './arguments.ts';
import type { Completion } from './completion.ts';
import { CHARACTERS_OF_VALUE, completionOf, isPromise, type ResolveObject } from './completions.ts';
import { errorAt } from './located-error.ts';
import { Pending, PendingParts } from './pending.ts';
import { Place } from './place.ts';
import { type FieldFacts, type OperationFacts, ResolveInfo } from './resolve-info.ts';
import type { Run, Variables } from './run.ts';

type Collected = Map<string, readonly FieldNode[]>;

/** How what is selected of the root is resolved. Throws a GraphQLError when a condition is not true or false. */
export function rootSelection(
  root: GraphQLObjectType,
  of: OperationFacts,
  conditions: Variables,
): ResolveObject {
  const { selectionSet }: { selectionSet: SelectionSetNode } = of.operation;
  const collected = collectFields(of.schema, of.fragments, conditions, root, selectionSet);
  return selectionOf(collected, root, of, conditions);
}

/** Works out which fields of an object are resolved, and how. What graphql-js collects, in its order. */
function selectionOf(
  collected: Collected,
  parentType: GraphQLObjectType,
  of: OperationFacts,
  conditions: Variables,
): ResolveObject {
  const fields = [...collected].flatMap(([key, nodes]) => fieldOf(key, nodes, parentType, of, conditions));
  // Everything else may be the name of a property of a plain object.
  const isPlain = !collected.has('__proto__');
  const characters = fields.reduce(
    (sum, { key, constant = '' }) => sum + key.length + constant.length + 4 + CHARACTERS_OF_VALUE,
    0,
  );
  return (run, source, place) => {
    run.characters += characters;
    return resolveFields(fields, isPlain ? {} : Object.create(null), run, source, place);
  };
}

/** A field, with all that is looked up once. */
interface Field extends FieldFacts {
  /** The name of its type, when it is `__typename`. */
  readonly constant: string | undefined;
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | undefined;
  readonly argumentsOf: ArgumentsOf;
  readonly completion: Completion;
}

function fieldOf(
  key: string,
  fieldNodes: readonly FieldNode[],
  parentType: GraphQLObjectType,
  of: OperationFacts,
  conditions: Variables,
): Field[] {
  const [node] = fieldNodes as [FieldNode];
  const fieldName = node.name.value;
  const definition = fieldName === '__typename' ? TypeNameMetaFieldDef : parentType.getFields()[fieldName];
  if (!definition) return [];
  const facts = { key, fieldName, fieldNodes, returnType: definition.type, parentType, of };
  const completion = completionOf(definition.type, facts, (type) =>
    selectionOf(
      collectSubfields(of.schema, of.fragments, conditions, type, fieldNodes),
      type,
      of,
      conditions,
    ),
  );
  return [
    {
      ...facts,
      constant: definition === TypeNameMetaFieldDef ? parentType.name : undefined,
      resolve: definition.resolve,
      argumentsOf: argumentsOf(definition, node),
      completion,
    },
  ];
}

function resolveFields(
  fields: readonly Field[],
  answer: Record<string, unknown>,
  run: Run,
  source: unknown,
  parent: Place | undefined,
): unknown {
  let pending: PendingParts | undefined;
  for (const field of fields) {
    const { key, completion } = field;
    if (field.constant !== undefined) {
      answer[key] = field.constant;
      continue;
    }
    const place = completion.isLeaf ? undefined : new Place(parent, key, field.parentType.name);
    let completed: unknown;
    try {
      const value = resolved(field, run, source, parent);
      if (isPromise(value)) {
        pending ??= new PendingParts(run, answer, parent, 2);
        pending.promised(value, { completion, key, place });
      } else {
        completed = completion.complete(run, value, place);
      }
    } catch (thrown) {
      const error = errorAt(thrown, field, parent, key);
      if (completion.isNonNull) {
        if (!pending) throw error;
        pending.throws(error);
        return pending;
      }
      run.nulls(error, parent, place);
      completed = null;
    }
    if (completed instanceof Pending) {
      pending ??= new PendingParts(run, answer, parent, 2);
      pending.pending(completed, { completion, key, place });
      completed = undefined;
    }
    // Also of what is not there yet: the order of the keys is that of the selection.
    answer[key] = completed;
  }
  return pending ?? answer;
}

/** As graphql-js does without a resolver: a property, or what a method answers. */
function resolved(field: Field, run: Run, source: unknown, parent: Place | undefined): unknown {
  const args = field.argumentsOf(run.variables);
  if (field.resolve) return field.resolve(source, args, run.context, new ResolveInfo(run, field, parent));
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const methods = source as Record<string, unknown>;
  const property = methods[field.fieldName];
  if (typeof property !== 'function') return property;
  return (methods as Record<string, GraphQLMethod>)[field.fieldName]?.(
    args,
    run.context,
    new ResolveInfo(run, field, parent),
  );
}

type GraphQLMethod = (args: object, context: unknown, info: ResolveInfo) => unknown;
