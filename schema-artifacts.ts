import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { composeServices } from '@theguild/federation-composition';
import {
  buildSchema,
  introspectionFromSchema,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { composeSupergraph, subgraphs } from './examples/supergraph/supergraph.ts';
import { buildSchema as buildSubgraph, readSdl } from './src/graphql/schema.ts';

/**
 * What others build on, derived from `schema/*.graphql`: `npm run schema` writes it, `npm run check` fails when it has
 * drifted. A change that breaks clients or other subgraphs is written only with `npm run schema -- --accept-breaking`.
 */
export const artifactPaths = {
  /** The SDL of this subgraph, for schema registries and composers. */
  subgraph: 'contract/generated/subgraph.graphql',
  /** What of it clients see: the schema without anything of federation. */
  api: 'contract/generated/api.graphql',
  /** The same as an introspection result, for tools that want JSON. */
  introspection: 'contract/generated/introspection.json',
  /** The example's supergraph, for gateways that are started with a file. */
  supergraph: 'examples/supergraph/generated/supergraph.graphql',
  /** What clients of the example's gateway see. */
  supergraphApi: 'examples/supergraph/generated/api.graphql',
} as const;

type Artifacts = Record<keyof typeof artifactPaths, string>;

/** A change of the schema, for a person to read. */
export interface SchemaChange {
  level: CriticalityLevel;
  message: string;
}

/** Makes all artifacts anew. Throws when the subgraphs do not compose. */
export function makeArtifacts(): Artifacts {
  const urls = { users: 'http://127.0.0.1:4001/graphql', projects: 'http://127.0.0.1:4002/graphql' };
  buildSubgraph(); // says at which line of which file the SDL is wrong; the composers below do not
  const sdl = readSdl();
  const api = publicSdl([{ name: 'users', typeDefs: parse(sdl) }]);
  return {
    subgraph: sdl,
    api,
    introspection: `${JSON.stringify(introspectionFromSchema(buildSchema(api)), null, 2)}\n`,
    supergraph: composeSupergraph(urls),
    supergraphApi: publicSdl(subgraphs(urls)),
  };
}

function publicSdl(services: Parameters<typeof composeServices>[0]): string {
  const { publicSdl: sdl, errors } = composeServices(services);
  if (sdl === undefined)
    throw new Error(`The schema does not compose:\n${errors?.map(({ message }) => message).join('\n')}`);
  return sdl;
}

/** What has changed for clients, and of the keys by which other subgraphs refer to what is ours. */
export async function schemaChanges(
  before: Pick<Artifacts, 'api' | 'subgraph'>,
  after: Pick<Artifacts, 'api' | 'subgraph'>,
): Promise<SchemaChange[]> {
  const ofClients = await diff(buildSchema(before.api), buildSchema(after.api));
  const keys = keysOf(after.subgraph);
  const lostKeys = [...keysOf(before.subgraph)].filter((key) => !keys.has(key));
  return [
    ...ofClients.map(({ criticality, message }: Change) => ({ level: criticality.level, message })),
    ...lostKeys.map((key) => ({
      level: CriticalityLevel.Breaking,
      message: `${key} is gone, and other subgraphs may refer by it`,
    })),
  ];
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

function isBreaking({ level }: SchemaChange): boolean {
  return level === CriticalityLevel.Breaking;
}

/** What is to be done with the artifacts of a folder, the root of the project as a rule. */
export interface Update {
  root: URL;
  /** Compares and writes nothing. */
  check?: boolean | undefined;
  acceptBreaking?: boolean | undefined;
}

/** Writes what has drifted, or says why it does not. `isFine` is false when something is left to do. */
export async function updateArtifacts({ root, check, acceptBreaking }: Update) {
  const names = Object.keys(artifactPaths) as (keyof Artifacts)[];
  const fileOf = (name: keyof Artifacts) => fileURLToPath(new URL(artifactPaths[name], root));
  const after = makeArtifacts();
  const before: Partial<Artifacts> = {};
  for (const name of names) before[name] = await readFile(fileOf(name), 'utf8').catch(() => '');
  const drifted = names.filter((name) => before[name] !== after[name]);

  const { api, subgraph } = before;
  const changes = api && subgraph ? await schemaChanges({ api, subgraph }, after).catch(() => null) : [];
  if (changes === null) {
    const files = `${artifactPaths.api} or ${artifactPaths.subgraph}`;
    return {
      isFine: false,
      said: [
        `${files} is not a schema: a merge conflict? Restore both from the main branch, then: npm run schema`,
      ],
    };
  }
  const said = changes.map(({ level, message }) => `${level.toLowerCase().replace('_', '-')}: ${message}`);
  if (check) {
    if (drifted.length > 0)
      said.push(
        `Not up to date: ${drifted.map((name) => artifactPaths[name]).join(', ')}. Run: npm run schema`,
      );
    return { isFine: drifted.length === 0, said };
  }
  if (changes.some(isBreaking) && !acceptBreaking) {
    said.push(
      'Nothing is written: this breaks what builds on it. If it is meant: npm run schema -- --accept-breaking',
    );
    return { isFine: false, said };
  }
  for (const name of drifted) {
    await mkdir(dirname(fileOf(name)), { recursive: true });
    await writeFile(fileOf(name), after[name]);
    said.push(`wrote ${artifactPaths[name]}`);
  }
  return { isFine: true, said };
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: { check: { type: 'boolean' }, 'accept-breaking': { type: 'boolean' } },
    });
    const { isFine, said } = await updateArtifacts({
      root: new URL('.', import.meta.url),
      check: values.check,
      acceptBreaking: values['accept-breaking'],
    });
    process.stdout.write(said.map((line) => `${line}\n`).join(''));
    process.exitCode = isFine ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
