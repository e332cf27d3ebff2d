import {
  getVariableValues,
  isLeafType,
  isListType,
  isNonNullType,
  typeFromAST,
  type GraphQLType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

/** The values of an operation's variables, defaults included; undefined when what was sent does not fit. */
export type VariableValues = (
  sent: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>> | undefined;

/** Turns what was sent into what resolvers get, or says that it is not a plain case. */
type Coerce = (value: unknown) => unknown;
const NOT_PLAIN = Symbol('not plain');

/**
 * Makes what reads the variables of one operation. `getVariableValues` of graphql-js decides; but it looks up each
 * type anew for each request and keeps the path of every element, which took 5 % of the processor time of a small
 * operation. So variables of the plain kind (scalars, enums and lists of them, as gateways send) are read by
 * functions that are made once, and all else by graphql-js.
 */
export function variableValuesOf(schema: GraphQLSchema, operation: OperationDefinitionNode): VariableValues {
  const definitions = operation.variableDefinitions ?? [];
  const plain = definitions.map(({ variable, type }) => ({
    name: variable.name.value,
    coerce: coercing(typeFromAST(schema, type as never) as GraphQLType | undefined),
  }));

  return (sent) => {
    const values: Record<string, unknown> = {};
    for (const { name, coerce } of plain) {
      const isPlain = Object.hasOwn(sent, name) && name !== '__proto__';
      const value = isPlain ? coerce(sent[name]) : NOT_PLAIN;
      if (value === NOT_PLAIN) return getVariableValues(schema, definitions, sent, { maxErrors: 1 }).coerced;
      values[name] = value;
    }
    return values;
  };
}

function coercing(type: GraphQLType | undefined): Coerce {
  if (isNonNullType(type)) {
    const coerce = coercing(type.ofType);
    return (value) => (value === null ? NOT_PLAIN : coerce(value));
  }
  if (isListType(type)) {
    const coerce = coercing(type.ofType);
    return (value) => {
      if (!Array.isArray(value)) return value === null ? null : NOT_PLAIN;
      const coerced = value.map(coerce);
      return coerced.includes(NOT_PLAIN) ? NOT_PLAIN : coerced;
    };
  }
  if (!isLeafType(type)) return () => NOT_PLAIN;
  return (value) => {
    if (value === null) return null;
    try {
      const parsed: unknown = type.parseValue(value);
      return parsed === undefined ? NOT_PLAIN : parsed;
    } catch {
      return NOT_PLAIN;
    }
  };
}
