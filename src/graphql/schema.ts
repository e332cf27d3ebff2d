import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  concatAST,
  type DocumentNode,
  GraphQLError,
  GraphQLScalarType,
  type GraphQLSchema,
  Kind,
  parse,
  Source,
} from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';
import type { NoneOf, Problems } from './complete-resolvers.ts';
import { fields } from '../providers/fields.ts';
import { entities } from '../user/entities.ts';
import { Mutation, Query, User } from '../user/resolvers.ts';

const ROOT = new URL('../../', import.meta.url);

/**
 * The files of the SDL, one per owner: what links to federation, then `User`, then what extends it. A composer drops the
 * description of a type, who may read what in it, when an extension comes first.
 */
function sdlFiles(): Source[] {
  const names = readdirSync(new URL('schema/', ROOT)).filter((name) => name.endsWith('.graphql'));
  const first = ['federation.graphql', 'user.graphql'];
  const rest = names.filter((name) => !first.includes(name)).toSorted();
  return [...first, ...rest].map((name) => {
    const path = `schema/${name}`;
    return new Source(readFileSync(new URL(path, ROOT), 'utf8'), path);
  });
}

/** The SDL, one file per owner, as one document. */
export function readSdl(): string {
  return sdlFiles()
    .map(({ body }) => body)
    .join('\n');
}

/** The same, parsed: whatever is wrong with it is wrong at a line of one of its files. */
export function parseSdl(): DocumentNode {
  return concatAST(sdlFiles().map(parsed));
}

function parsed(file: Source): DocumentNode {
  try {
    return parse(file);
  } catch (error) {
    throw new Error(String(error), { cause: error }); // with the place, which its message leaves out
  }
}

/** What answers the fields of the SDL. */
const answers = () => ({ ...fields, User: { ...fields.User, ...User }, Query, Mutation, DateTime });

/** Every field has an answer, of its type. */
export type AllAnswered = NoneOf<Problems<ReturnType<typeof answers>>>;

/** The executable subgraph schema. Throws an error that names file and line of what is wrong in the SDL. */
export function buildSchema(): GraphQLSchema {
  // The SDL is told as it is written: what the library prints of it has scalars of federation's that clients would see.
  const service = { sdl: readSdl() };
  const resolvers = { ...answers(), Query: { ...Query, _entities: entities, _service: () => service } };
  const typeDefs = parseSdl();
  try {
    return withSdlPrintedOnce(buildSubgraphSchema([{ typeDefs, resolvers }]));
  } catch (error) {
    throw located(error as Error, typeDefs);
  }
}

/** The library prints the SDL anew for each `_service`: one operation with 300 of them took a third of a second. */
function withSdlPrintedOnce(schema: GraphQLSchema): GraphQLSchema {
  const service = schema.getQueryType()?.getFields()['_service'];
  const print = service?.resolve;
  if (!service || !print) return schema;
  let printed: unknown;
  const once: typeof print = (...asked) => (printed ??= print(...asked));
  service.resolve = once;
  return schema;
}

/** The library joins what it finds into one text, without places. graphql-js finds the same, and where. */
function located(error: Error, typeDefs: DocumentNode): Error {
  const told = error.message.split('\n\n');
  const found = validateSDL(typeDefs).filter(({ message }) => told.includes(message));
  return found.length > 0 ? new Error(found.map(String).join('\n\n')) : error;
}

/** Times leave as the decoders made them: RFC 3339 in UTC. No argument takes one. */
const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  serialize: String,
  parseValue(value) {
    if (typeof value === 'string') return value;
    throw new GraphQLError('A DateTime is text in RFC 3339.');
  },
  parseLiteral(node) {
    if (node.kind === Kind.STRING) return node.value;
    throw new GraphQLError('A DateTime is text in RFC 3339.');
  },
});
