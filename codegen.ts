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
          // What the providers answer is what wire.ts makes of it: complete-resolvers.ts compares the two.
          UserEmail: '../providers/bird/wire.ts#BirdEmail',
          UserPhoneNumber: '../providers/bird/wire.ts#BirdPhoneNumber',
          UserIdentity: '../providers/bird/wire.ts#BirdIdentity',
          UserSession: '../providers/bird/wire.ts#BirdSession',
          Organization: '../providers/ejento/wire.ts#EjentoOrganization',
          EjentoAccount: '../providers/ejento/wire.ts#EjentoAccount as ReadEjentoAccount',
          Billing: '../providers/insighto/wire.ts#InsightoBilling',
          BillingPlan: '../providers/insighto/wire.ts#BillingPlan as ReadBillingPlan',
          PlanCredits: '../providers/insighto/wire.ts#PlanCredits as ReadPlanCredits',
          InsightoAccount: '../providers/insighto/wire.ts#InsightoAccount as ReadInsightoAccount',
          AtomsAccount: '../providers/atoms/wire.ts#AtomsUser',
          AtomsSubscription: '../providers/atoms/wire.ts#AtomsSubscription as ReadAtomsSubscription',
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
