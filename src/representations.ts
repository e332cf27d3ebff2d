import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** An operation that has been chosen and is about to be executed. */
export interface ResolvedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/**
 * Refuses an operation that sends more than `limit` representations to `_entities`, all its `_entities` fields
 * together. Validation cannot do this: the representations are mostly in variables.
 *
 * @throws GraphQLError BAD_USER_INPUT, answered with HTTP status 400
 */
export function limitRepresentations(limit: number, resolved: ResolvedOperation): void {
  const sent = countRepresentations(resolved);
  if (sent > limit)
    throw new GraphQLError(
      `The operation asks for ${sent} representations; at most ${limit} are allowed. Send them in several operations.`,
      { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
    );
}

/** How many representations an operation sends. */
export function countRepresentations(resolved: ResolvedOperation): number {
  const { operation, selectionSet } = resolved.operation;
  return operation === 'query' ? representationsIn(selectionSet, resolved) : 0;
}

function representationsIn({ selections }: SelectionSetNode, resolved: ResolvedOperation): number {
  let sent = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value !== '_entities') continue;
      const argument = selection.arguments?.find(({ name }) => name.value === 'representations');
      sent += lengthOf(argument?.value, resolved);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      sent += representationsIn(selection.selectionSet, resolved);
    } else {
      const { value } = selection.name;
      for (const definition of resolved.document.definitions)
        if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === value)
          sent += representationsIn(definition.selectionSet, resolved);
    }
  }
  return sent;
}

function lengthOf(value: ValueNode | undefined, resolved: ResolvedOperation): number {
  if (value?.kind === Kind.LIST) return value.values.length;
  if (value?.kind !== Kind.VARIABLE) return value ? 1 : 0;
  const name = value.name.value;
  const given = resolved.variables[name];
  if (given !== undefined) return Array.isArray(given) ? given.length : 1;
  const definition = resolved.operation.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  );
  return lengthOf(definition?.defaultValue, resolved);
}
