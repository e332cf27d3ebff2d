import type { CodegenConfig } from '@graphql-codegen/cli';
import { buildSchema } from './src/graphql/schema.ts';

// Ends with the file and the line of what is wrong in the SDL; the generator names neither.
buildSchema();

/** Resolver types from the SDL. `npm run codegen` writes them, `npm run check` fails when they have drifted. */
const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  generates: {
    'src/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        federation: true,
        disableFederationDirectiveAndScalarInjection: true,
        contextType: '../request/context.ts#Context',
        mappers: {
          User: '../request/user-ref.ts#UserRef',
          Billing: '../providers/insighto/wire.ts#InsightoBilling',
          AtomsAccount: '../providers/atoms/wire.ts#AtomsUser',
        },
        scalars: { DateTime: 'string', ID: 'string' },
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
        avoidOptionals: { field: true, object: true },
        maybeValue: 'T | null | Error',
        inputMaybeValue: 'T | null',
      },
    },
  },
};

export default config;
