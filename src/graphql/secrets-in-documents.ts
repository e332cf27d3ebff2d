import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  Kind,
  visit,
  type ValidationContext,
} from 'graphql';

/** The field whose argument holds a secret, and the secret's name in it. */
const FIELD = 'linkAccount';
const SECRET = 'apiKey';

/**
 * The validation rule that keeps people's keys out of documents: gateways, caches and traces keep those. A document that
 * it refuses is stored nowhere here, and none of its text is repeated. It looks at names alone: what is asked for wrongly
 * may hold a key as well.
 */
export function noSecretsInDocuments(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      if (!isTelling(document)) return undefined;
      context.reportError(
        new GraphQLError(
          `Send \`${SECRET}\` as a variable, without a default: a key inside of a document is kept by gateways, caches and logs. Nothing was done with this one. If it is a real key, make a new one at the provider.`,
        ),
      );
      // The other rules would repeat what is wrong in it.
      return { ...document, definitions: [] };
    },
  };
}

/** Whether a document asks for the field and holds a value that can be a key: all but conditions and enum values. */
function isTelling(document: DocumentNode): boolean {
  let asks = false;
  let tells = false;
  visit(document, {
    enter(node) {
      if (node.kind === Kind.FIELD) asks ||= node.name.value === FIELD;
      tells ||=
        LITERALS.has(node.kind) ||
        (node.kind === Kind.ENUM && !/^[A-Z_]+$/.test(node.value)) ||
        (node.kind === Kind.OBJECT_FIELD &&
          node.name.value === SECRET &&
          node.value.kind !== Kind.VARIABLE) ||
        (node.kind === Kind.VARIABLE_DEFINITION && node.defaultValue !== undefined);
    },
  });
  return asks && tells;
}

const LITERALS: ReadonlySet<string> = new Set([Kind.STRING, Kind.INT, Kind.FLOAT]);
