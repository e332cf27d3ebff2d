import { readdirSync, readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLScalarType, type GraphQLSchema, Kind, GraphQLError, parse } from 'graphql';
import type { CompleteResolvers } from './complete-resolvers.ts';
import { fields } from '../providers/fields.ts';
import { entities } from '../user/entities.ts';
import { Mutation, Query } from '../user/resolvers.ts';

const DIRECTORY = new URL('../../schema/', import.meta.url);

/** The SDL, one file per owner, as one document. */
export function readSdl(): string {
  const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.graphql'));
  return files
    .toSorted()
    .map((name) => readFileSync(new URL(name, DIRECTORY), 'utf8'))
    .join('\n');
}

/** The executable subgraph schema. */
export function buildSchema(): GraphQLSchema {
  const complete = { ...fields, Query, Mutation, DateTime } satisfies CompleteResolvers;
  const resolvers = { ...complete, Query: { ...Query, _entities: entities } };
  return buildSubgraphSchema([{ typeDefs: parse(readSdl()), resolvers }]);
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
