import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

const contract = './node_modules/user-subgraph-contract';

/** For Apollo Client and urql; what Relay has to be told is in relay.config.json. */
const config: CodegenConfig = {
  schema: `${contract}/schema.graphql`,
  documents: `${contract}/operations/{*,fragments/*}.graphql`,
  generates: {
    'generated/': {
      preset: 'client',
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: { fragmentMasking: false },
      config: {
        scalars: { DateTime: 'string', ID: 'string' },
        strictScalars: true,
        useTypeImports: true,
      },
    },
  },
};
export default config;
