import {
  BREAK,
  GraphQLError,
  Kind,
  visit,
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  type ValidationContext,
} from 'graphql';
import { type FragmentNamed, measurer } from './extents.ts';

/** What one operation may ask for, its fragments expanded. The parser counts tokens, `operationLimits` the rest. */
export const limits = {
  tokens: 2000,
  depth: 15,
  selections: 1000,
  /** Characters of an alias: it stands in the answer once for each entity, and once more in each error. */
  alias: 100,
  /** The same name in one place: to compare them all with each other takes the square of their number. */
  repeats: 100,
  directives: 3,
  mutationFields: 1,
} as const;

/**
 * The validation rule behind `limits`. Each fragment is measured once, however often it is spread, so a document that
 * expands to a million selections costs no more than its text.
 */
export function operationLimits(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      const refusals = [...refusalsOf(document, (name) => context.getFragment(name))];
      for (const error of refusals) context.reportError(error);
      // What is too large is not looked at any further: the other rules get an empty document to walk through.
      return refusals.length > 0 ? { ...document, definitions: [] } : undefined;
    },
  };
}

/** The validation rule that refuses a kind of operation that the schema does not have. Else it fails as our defect. */
export function operationTypes(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(refusal(node, `There is no ${node.operation} here. Ask with a query.`));
    },
  };
}

function* refusalsOf(document: DocumentNode, fragmentNamed: FragmentNamed): Generator<GraphQLError> {
  const crowded = firstNode(
    document,
    (node) => 'directives' in node && (node.directives?.length ?? 0) > limits.directives,
  );
  if (crowded)
    yield refusal(
      crowded,
      `More than ${limits.directives} directives are in one place. Remove those that are not needed.`,
    );
  const wordy = firstNode(
    document,
    (node) => node.kind === Kind.FIELD && (node.alias?.value.length ?? 0) > limits.alias,
  );
  if (wordy)
    yield refusal(wordy, `An alias is longer than ${limits.alias} characters. Choose a shorter one.`);

  const extentOf = measurer(fragmentNamed);
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const name = node.name ? `Operation "${node.name.value}"` : 'The operation';
    const { depth, selections, repeats, fields } = extentOf(node.selectionSet);
    if (depth > limits.depth)
      yield refusal(
        node,
        `${name} is ${depth} levels deep, fragments included; at most ${limits.depth} are allowed. Nest fewer fields.`,
      );
    if (selections > limits.selections)
      yield refusal(
        node,
        `${name} selects ${selections} fields and fragments, each counted as often as it is spread; at most ${limits.selections} are allowed. Ask for less, or in several operations.`,
      );
    if (repeats > limits.repeats)
      yield refusal(
        node,
        `${name} selects one name ${repeats} times in one place, fragments included; at most ${limits.repeats} are allowed. Once is enough.`,
      );
    if (node.operation === 'mutation' && fields > limits.mutationFields)
      yield refusal(
        node,
        `${name} has ${fields} mutation fields; only ${limits.mutationFields} is allowed in one operation. Send the others separately.`,
      );
  }
}

function refusal(node: ASTNode, message: string): GraphQLError {
  return new GraphQLError(message, { nodes: [node] });
}

function firstNode(document: DocumentNode, isMeant: (node: ASTNode) => boolean): ASTNode | undefined {
  let found: ASTNode | undefined;
  visit(document, {
    enter(node) {
      if (!isMeant(node)) return undefined;
      found = node;
      return BREAK;
    },
  });
  return found;
}
