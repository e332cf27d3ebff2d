import { type Change, ChangeType, CriticalityLevel, diff } from '@graphql-inspector/core';
import {
  buildSchema,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { typesOfAnswers } from './client-artifacts.ts';

/** A change of the schema, for a person to read. */
export interface SchemaChange {
  level: CriticalityLevel;
  message: string;
}

/** What clients and other subgraphs build on. */
export interface Contract {
  /** What clients see. */
  api: string;
  subgraph: string;
}

/** What has changed for clients, and of the keys by which other subgraphs refer to what is ours. */
export async function schemaChanges(before: Contract, after: Contract): Promise<SchemaChange[]> {
  const known = buildSchema(before.api);
  const ofClients = await diff(known, buildSchema(after.api));
  const keys = keysOf(after.subgraph);
  const lostKeys = [...keysOf(before.subgraph)].filter((key) => !keys.has(key));
  return [
    ...ofClients.map((change) =>
      widensAnswers(change, known)
        ? { level: CriticalityLevel.Breaking, message: `${change.message}, which clients of today fail on` }
        : { level: change.criticality.level, message: change.message },
    ),
    ...lostKeys.map((key) => ({
      level: CriticalityLevel.Breaking,
      message: `${key} is gone, and other subgraphs may refer by it`,
    })),
  ];
}

/**
 * Whether answers may hold a value or type from now on that a client of today does not know. Most generated clients
 * throw the whole answer away then, after the mutation has happened (docs/clients.md).
 */
function widensAnswers({ type, path = '', meta }: Change, known: GraphQLSchema): boolean {
  const isAnswered = (name: string) => {
    const before = known.getType(name);
    return before !== undefined && typesOfAnswers(known).has(before);
  };
  if (type === ChangeType.EnumValueAdded) return isAnswered(path.split('.')[0] ?? '');
  if (type === ChangeType.UnionMemberAdded) return isAnswered(path);
  return type === ChangeType.ObjectTypeInterfaceAdded && isAnswered(String(meta['addedInterfaceName']));
}

/** Each key of each type, as `User @key(fields: "id")`. */
function keysOf(sdl: string): Set<string> {
  const keys = new Set<string>();
  const collect = (type: ObjectTypeDefinitionNode | ObjectTypeExtensionNode) => {
    for (const directive of type.directives ?? [])
      if (directive.name.value === 'key') keys.add(`${type.name.value} ${print(directive)}`);
  };
  visit(parse(sdl), { ObjectTypeDefinition: collect, ObjectTypeExtension: collect });
  return keys;
}
