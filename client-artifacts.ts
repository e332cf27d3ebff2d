import {
  type DocumentNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  parse,
  visit,
} from 'graphql';

/** A file of operations or fragments of the contract. */
export interface OperationFile {
  /** Without the folder and `.graphql`. */
  name: string;
  text: string;
}

/**
 * Each operation with the fragments that it needs in one text, by the operation file's name: for generators that read
 * one file and find no fragment in another. The sources' own words, comments included.
 */
export function standaloneOperations(
  operations: readonly OperationFile[],
  fragments: readonly OperationFile[],
): Map<string, string> {
  const byFragment = new Map<string, string>();
  for (const { text } of fragments)
    for (const definition of parse(text).definitions)
      if (definition.kind === 'FragmentDefinition') byFragment.set(definition.name.value, text);

  return new Map(
    operations.map(({ name, text }) => {
      const needed = new Set<string>();
      const collect = (source: string) => {
        for (const fragment of spreadsOf(parse(source))) {
          const found = byFragment.get(fragment);
          if (found === undefined) throw new Error(`${name}.graphql spreads ${fragment}, which is nowhere.`);
          if (!needed.has(found)) collect((needed.add(found), found));
        }
      };
      collect(text);
      const head = `# Written from ../${name}.graphql and its fragments by \`npm run schema\`. Take the sources or this, not both.\n`;
      return [name, [head, text, ...[...needed].toSorted()].join('\n')];
    }),
  );
}

function spreadsOf(document: DocumentNode): string[] {
  const names: string[] = [];
  visit(document, { FragmentSpread: ({ name }) => void names.push(name.value) });
  return names;
}

/**
 * The cache configuration of the contract: a module without imports, and its types. Objects without an id are parts of
 * the one that they hang on: a cache has to be told so, or it replaces one component's selection by another's.
 */
export function cacheConfiguration(schema: GraphQLSchema): { code: string; types: string } {
  const withoutId = (types: Iterable<GraphQLNamedType>) =>
    [...types]
      .filter((type) => isObjectType(type) && !('id' in type.getFields()))
      .map(({ name }) => name)
      .toSorted();
  const merged = withoutId(typesBelow([schema.getQueryType()], schema));
  const keyless = withoutId(typesOfAnswers(schema));
  const possible = [...typesOfAnswers(schema)]
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)] as const);
  const lines = (entries: readonly string[]) => entries.map((entry) => `  ${entry},\n`).join('');
  const head = '// Written from the schema by `npm run schema`.\n';
  const union = (names: readonly string[]) => names.map((name) => `'${name}'`).join(' | ');
  return {
    code: `${head}
export const possibleTypes = {
${lines(possible.map(([name, members]) => `${name}: [${members.map((member) => `'${member}'`).join(', ')}]`))}};

export const typePolicies = {
${lines(merged.map((name) => `${name}: { merge: true }`))}};

export const keys = {
${lines(keyless.map((name) => `${name}: () => null`))}};
`,
    types: `${head}
/**
 * Which types each union can be, for \`new InMemoryCache({ possibleTypes, typePolicies })\` of Apollo Client and
 * \`cacheExchange({ keys, possibleTypes })\` of urql's Graphcache.
 */
export declare const possibleTypes: Record<${union(possible.map(([name]) => name))}, string[]>;

/**
 * For Apollo Client: the objects that a query reaches and that have no id are parts of the one that they hang on, so
 * that two components' selections of one are put together. Not \`keyFields: []\`: it makes one object of everybody's.
 */
export declare const typePolicies: Record<${union(merged)}, { merge: true }>;

/** For urql's Graphcache: what has no id is kept inside the one that it hangs on. */
export declare const keys: Record<${union(keyless)}, () => null>;
`,
  };
}

/** Every type that an answer can hold. */
export function typesOfAnswers(schema: GraphQLSchema): ReadonlySet<GraphQLNamedType> {
  return typesBelow([schema.getQueryType(), schema.getMutationType()], schema);
}

/** The types that a selection can reach. */
function typesBelow(roots: readonly (GraphQLNamedType | null | undefined)[], schema: GraphQLSchema) {
  const found = new Set<GraphQLNamedType>();
  const visitType = (type: GraphQLNamedType | null | undefined) => {
    if (isAbstractType(type)) for (const member of schema.getPossibleTypes(type)) reach(member);
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) reach(getNamedType(field.type));
  };
  const reach = (type: GraphQLNamedType) => {
    if (!found.has(type)) visitType((found.add(type), type));
  };
  roots.forEach(visitType);
  return found;
}
