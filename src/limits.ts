import {
  GraphQLError,
  Kind,
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValueNode,
} from 'graphql';

/** What one operation may ask for. The parser counts tokens, `operationLimits` the rest. */
export const limits = {
  tokens: 2000,
  depth: 15,
  selections: 1000,
  directives: 3,
  mutationFields: 1,
} as const;

/** A selection set with its fragments expanded. */
interface Extent {
  /** Levels of fields. */
  depth: number;
  /** Fields, inline fragments and spreads. */
  selections: number;
  /** Fields of the outermost level, without `__typename`, which calls nobody. */
  fields: number;
}

/**
 * The validation rule behind `limits`. Each fragment is measured once, however often it is spread, so a
 * document that expands to a million selections costs no more than its text.
 */
export function operationLimits(context: ValidationContext): ASTVisitor {
  const extentOf = measurer((name) => context.getFragment(name));
  const refuse = (node: ASTNode, message: string) =>
    context.reportError(new GraphQLError(message, { nodes: [node] }));

  return {
    enter(node) {
      if ('directives' in node && (node.directives?.length ?? 0) > limits.directives)
        refuse(
          node,
          `At most ${limits.directives} directives are allowed in one place, and here are ${node.directives?.length}. Remove those that are not needed.`,
        );
      if (node.kind !== Kind.OPERATION_DEFINITION) return;

      const name = node.name ? `Operation "${node.name.value}"` : 'The operation';
      const { depth, selections, fields } = extentOf(node.selectionSet);
      if (depth > limits.depth)
        refuse(
          node,
          `${name} is ${depth} levels deep, fragments included; at most ${limits.depth} are allowed. Nest fewer fields.`,
        );
      if (selections > limits.selections)
        refuse(
          node,
          `${name} selects ${selections} fields and fragments, each counted as often as it is spread; at most ${limits.selections} are allowed. Ask for less, or in several operations.`,
        );
      if (node.operation === 'mutation' && fields > limits.mutationFields)
        refuse(
          node,
          `${name} has ${fields} mutation fields; only ${limits.mutationFields} is allowed in one operation. Send the others separately.`,
        );
    },
  };
}

function measurer(fragment: (name: string) => FragmentDefinitionNode | null | undefined) {
  const measured = new Map<string, Extent>();

  function ofFragment(name: string): Extent {
    const known = measured.get(name);
    if (known) return known;
    // A fragment inside itself counts as nothing here; another rule refuses it.
    measured.set(name, { depth: 0, selections: 0, fields: 0 });
    const definition = fragment(name);
    const extent = definition ? of(definition.selectionSet) : { depth: 0, selections: 0, fields: 0 };
    measured.set(name, extent);
    return extent;
  }

  function of({ selections }: SelectionSetNode): Extent {
    const extent: Extent = { depth: 0, selections: selections.length, fields: 0 };
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value !== '__typename') extent.fields += 1;
        const inner = selection.selectionSet && of(selection.selectionSet);
        extent.depth = Math.max(extent.depth, 1 + (inner?.depth ?? 0));
        extent.selections += inner?.selections ?? 0;
      } else {
        const inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? ofFragment(selection.name.value)
            : of(selection.selectionSet);
        extent.depth = Math.max(extent.depth, inner.depth);
        extent.selections += inner.selections;
        extent.fields += inner.fields;
      }
    }
    return extent;
  }

  return of;
}

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
  if (resolved.operation.operation !== 'query') return;
  const sent = representationsIn(resolved.operation.selectionSet, resolved);
  if (sent > limit)
    throw new GraphQLError(
      `The operation asks for ${sent} representations; at most ${limit} are allowed. Send them in several operations.`,
      { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
    );
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
