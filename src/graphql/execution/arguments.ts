import {
  getArgumentValues,
  Kind,
  visit,
  BREAK,
  type ASTNode,
  type FieldNode,
  type GraphQLField,
} from 'graphql';
import type { Variables } from './run.ts';

/** The arguments of a field. Throws in the words of graphql-js when one does not fit. */
export type ArgumentsOf = (variables: Variables) => object;

const NONE = Object.freeze({});

/** Makes what reads a field's arguments: once and for all, where no variable is in them. */
export function argumentsOf(definition: GraphQLField<unknown, unknown>, node: FieldNode): ArgumentsOf {
  if (definition.args.length === 0) return () => NONE;
  const read = (variables: Variables) => getArgumentValues(definition, node, variables);
  if (holdsVariable(node)) return ofVariables(definition, node) ?? read;
  try {
    const values = frozen(read(NONE));
    return () => values;
  } catch {
    return read;
  }
}

/**
 * What reads arguments that are variables, all of them given: then there is nothing to coerce or to complain of, and
 * nothing to look up anew for each request. Undefined where one is something else.
 */
function ofVariables(definition: GraphQLField<unknown, unknown>, node: FieldNode): ArgumentsOf | undefined {
  const { args } = definition;
  const given = node.arguments ?? [];
  if (given.length !== args.length) return undefined;
  const names = args.map(({ name }) => {
    const value = given.find((argument) => argument.name.value === name)?.value;
    return value?.kind === Kind.VARIABLE ? ([name, value.name.value] as const) : undefined;
  });
  if (names.includes(undefined)) return undefined;
  const pairs = names.filter((pair) => pair !== undefined);
  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const [name, variable] of pairs) {
      const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      if ((value ?? undefined) === undefined) return getArgumentValues(definition, node, variables);
      values[name] = value;
    }
    return values;
  };
}

function holdsVariable(field: FieldNode): boolean {
  let isFound = false;
  const find = { [Kind.VARIABLE]: () => ((isFound = true), BREAK) };
  for (const argument of field.arguments ?? []) visit<ASTNode>(argument, find);
  return isFound;
}

/** Other requests get the same values: whoever would change them is stopped. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
