import {
  defaultFieldResolver,
  type FieldNode,
  getNullableType,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isIntrospectionType,
  isListType,
  isObjectType,
} from 'graphql';
import { after } from '../loading/soon.ts';
import { CallerError } from '../request/caller-error.ts';
import type { Context } from '../request/context.ts';
import { selectionCounter } from './extents.ts';

/** Counted before it is executed: its length is the client's. */
const COUNTED_ALREADY = '_entities';

/**
 * Limits what the lists of one operation hold together: their elements, each as often as something is selected of it.
 * How long a provider's lists are is known once they are there, and each alias takes one anew.
 */
export function limitLists(schema: GraphQLSchema, maxValues: number): GraphQLSchema {
  const tooMany = new CallerError(
    'BAD_USER_INPUT',
    `The lists of this operation hold more than ${maxValues} values, each counted for each alias. Ask for less of them, or in several operations.`,
  );
  const limited =
    (resolve: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> =>
    (parent, args, context, info) =>
      after(resolve(parent, args, context, info), (list) => {
        if (!Array.isArray(list)) return list;
        context.operation.listValues += list.length * selectedOf(info);
        if (context.operation.listValues > maxValues) throw tooMany;
        return list;
      });

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type)) && field.name !== COUNTED_ALREADY)
        field.resolve = limited(field.resolve ?? defaultFieldResolver);
    }
  }
  return schema;
}

const known = new WeakMap<FieldNode, number>();

/** What is selected of an element; of one without fields, itself. */
function selectedOf({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  let sum = 0;
  for (const node of fieldNodes) {
    let selected = known.get(node);
    if (selected === undefined) {
      selected = node.selectionSet ? selectionCounter((name) => fragments[name])(node.selectionSet) : 1;
      known.set(node, selected);
    }
    sum += selected;
  }
  return sum;
}
