import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildASTSchema, lexicographicSortSchema } from 'graphql';
import { buildSchema, parseSdl } from './src/graphql/schema.ts';

/** A part of GraphQL Code Generator, as far as it is used here. Its own types ask for packages that it does not bring. */
interface Generator {
  codegen(options: object): Promise<string>;
}
const part = async (name: string): Promise<unknown> => import(`@graphql-codegen/${name}`);

/** How the types are written, and what our code answers for a type of the SDL where that is more or less than it says. */
const config = {
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
};

const path = 'src/generated/resolvers.ts';

/** What `src/generated/resolvers.ts` is to hold. Throws what is wrong with the SDL, with file and line. */
async function resolverTypes(): Promise<string> {
  buildSchema(); // names file and line; what follows names neither
  const sdl = parseSdl();
  const schemaAst = lexicographicSortSchema(buildASTSchema(sdl, { assumeValidSDL: true }));
  const { codegen } = (await part('core')) as Generator;
  return codegen({
    filename: path,
    schema: sdl,
    schemaAst,
    documents: [],
    config,
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript: await part('typescript'), resolvers: await part('typescript-resolvers') },
  });
}

/** Resolver types from the SDL: `npm run codegen` writes them, `npm run check` fails when they have drifted. */
try {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
  const types = await resolverTypes();
  const file = new URL(path, import.meta.url);
  const isFresh = types === (await readFile(file, 'utf8').catch(() => ''));
  if (!values.check) await writeFile(file, types);
  else if (!isFresh) throw new Error(`Not up to date: ${path}. Run: npm run codegen`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
