import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CriticalityLevel } from '@graphql-inspector/core';
import { composeServices } from '@theguild/federation-composition';
import { buildSchema, introspectionFromSchema, parse } from 'graphql';
import { cacheConfiguration, type OperationFile, standaloneOperations } from './client-artifacts.ts';
import { composeSupergraph, subgraphs } from './examples/supergraph/supergraph.ts';
import { type SchemaChange, schemaChanges } from './schema-changes.ts';
import { buildSchema as buildSubgraph, readSdl } from './src/graphql/schema.ts';

/**
 * What others build on, derived from `schema/*.graphql`: `npm run schema` writes it, `npm run check` fails when it has
 * drifted. A change that breaks clients or other subgraphs is written only with `npm run schema -- --accept-breaking`.
 */
export const artifactPaths = {
  /** The SDL of this subgraph, for schema registries and composers. */
  subgraph: 'contract/subgraph.graphql',
  /** What of it clients see: the schema without anything of federation. */
  api: 'contract/schema.graphql',
  /** The same as an introspection result, for tools that want JSON. */
  introspection: 'contract/introspection.json',
  /** How the caches of Apollo Client and urql are told about the schema, and its types. */
  cache: 'contract/cache.js',
  cacheTypes: 'contract/cache.d.ts',
  /** The example's supergraph, for gateways that are started with a file. */
  supergraph: 'examples/supergraph/generated/supergraph.graphql',
  /** What clients of the example's gateway see. */
  supergraphApi: 'examples/supergraph/generated/api.graphql',
} as const;

/** Where each ready operation is written as a file that needs no other. */
export const standaloneFolder = 'contract/operations/standalone/';

/** What each file is to hold, by its path in the project. Throws when the subgraphs do not compose. */
export async function makeArtifacts(): Promise<ReadonlyMap<string, string>> {
  const urls = { users: 'http://127.0.0.1:4001/graphql', projects: 'http://127.0.0.1:4002/graphql' };
  buildSubgraph(); // says at which line of which file the SDL is wrong; the composers below do not
  const sdl = readSdl();
  const api = publicSdl([{ name: 'users', typeDefs: parse(sdl) }]);
  const schema = buildSchema(api);
  const cache = cacheConfiguration(schema);
  const operations = await readOperationFiles('contract/operations/');
  const fragments = await readOperationFiles('contract/operations/fragments/');
  return new Map([
    [artifactPaths.subgraph, sdl],
    [artifactPaths.api, api],
    [artifactPaths.introspection, `${JSON.stringify(introspectionFromSchema(schema), null, 2)}\n`],
    [artifactPaths.cache, cache.code],
    [artifactPaths.cacheTypes, cache.types],
    [artifactPaths.supergraph, composeSupergraph(urls)],
    [artifactPaths.supergraphApi, publicSdl(subgraphs(urls))],
    ...[...standaloneOperations(operations, fragments)].map(
      ([name, text]) => [`${standaloneFolder}${name}.graphql`, text] as const,
    ),
  ]);
}

async function readOperationFiles(folder: string): Promise<OperationFile[]> {
  const directory = new URL(folder, import.meta.url);
  const files = (await readdir(directory)).filter((name) => name.endsWith('.graphql'));
  return Promise.all(
    files.toSorted().map(async (file) => ({
      name: file.slice(0, -'.graphql'.length),
      text: await readFile(new URL(file, directory), 'utf8'),
    })),
  );
}

function publicSdl(services: Parameters<typeof composeServices>[0]): string {
  const { publicSdl: sdl, errors } = composeServices(services);
  if (sdl === undefined)
    throw new Error(`The schema does not compose:\n${errors?.map(({ message }) => message).join('\n')}`);
  return sdl;
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
  const after = await makeArtifacts();
  const read = (path: string) => readFile(new URL(path, root), 'utf8').catch(() => '');
  const drifted: string[] = [];
  for (const [path, text] of after) if ((await read(path)) !== text) drifted.push(path);
  const standalone = await readdir(new URL(standaloneFolder, root)).catch(() => []);
  const orphans = standalone.map((name) => standaloneFolder + name).filter((path) => !after.has(path));

  const contractOf = async (textOf: (path: string) => string | Promise<string>) => ({
    api: await textOf(artifactPaths.api),
    subgraph: await textOf(artifactPaths.subgraph),
  });
  const before = await contractOf(read);
  const changes =
    before.api && before.subgraph
      ? await schemaChanges(before, await contractOf((path) => after.get(path) ?? '')).catch(() => null)
      : [];
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
    const stale = [...drifted, ...orphans];
    if (stale.length > 0) said.push(`Not up to date: ${stale.join(', ')}. Run: npm run schema`);
    return { isFine: stale.length === 0, said };
  }
  if (changes.some(isBreaking) && !acceptBreaking) {
    said.push(
      'Nothing is written: this breaks what builds on it. If it is meant: npm run schema -- --accept-breaking',
    );
    return { isFine: false, said };
  }
  for (const path of drifted) {
    const file = new URL(path, root);
    await mkdir(new URL('.', file), { recursive: true });
    await writeFile(file, after.get(path) ?? '');
    said.push(`wrote ${path}`);
  }
  for (const path of orphans) {
    await rm(new URL(path, root));
    said.push(`removed ${path}, whose operation is gone`);
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
