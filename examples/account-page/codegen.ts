import type { CodegenConfig } from '@graphql-codegen/cli';
import { composeServices } from '@theguild/federation-composition';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';
import { parse } from 'graphql';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';

/** The subgraphs, as the gateway has them. */
const subgraphs = {
  users: '../../schema/*.graphql',
  projects: '../supergraph/projects/*.graphql',
};

/** What a client of the gateway sees: the composed schema, without anything of federation. */
function publicSchema(): string {
  const services = Object.entries(subgraphs).map(([name, files]) => {
    const sdl = globSync(files, { cwd: import.meta.dirname }).map((f) => readFileSync(f, 'utf8'));
    return { name, url: '', typeDefs: parse(sdl.join('\n')) };
  });
  const { publicSdl, errors = [] } = composeServices(services);
  if (!publicSdl) throw new Error(`The subgraphs do not compose:\n${errors.join('\n')}`);
  return publicSdl;
}

const config: CodegenConfig = {
  schema: publicSchema(),
  documents: 'src/**/*.tsx',
  generates: {
    'src/generated/': {
      preset: 'client',
      // The client's cache goes by type names: they are in the document before its id is made.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: {
        fragmentMasking: { unmaskFunctionName: 'readFragment' },
        // The bare digest is what gateways compute themselves: the same id serves a manifest and automatic persisted queries.
        persistedDocuments: {
          hashAlgorithm: (text: string) => createHash('sha256').update(text).digest('hex'),
        },
      },
      config: { scalars: { DateTime: 'string', ID: 'string' }, strictScalars: true, useTypeImports: true },
    },
  },
};

export default config;
