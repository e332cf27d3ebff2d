import { readOperations } from '../../src/explorer/presets.ts';
import { numbered } from '../simulators/index.ts';

/** Has accounts at Insighto and Atoms. */
const somebody = numbered(1_002);

/** How each ready operation is run in tests. */
const runs: Record<string, { as: string; variables: Record<string, unknown> }> = {
  Me: { as: 'demo-ada', variables: {} },
  MyAccount: { as: 'demo-ada', variables: {} },
  Person: { as: 'demo-ada', variables: { id: '00000000-0000-4000-8000-000000009ace' } },
  UpdateMe: { as: 'demo-grace', variables: { input: { name: 'Amazing Grace' } } },
  LinkAccount: {
    as: somebody.token,
    variables: { input: { provider: 'INSIGHTO', apiKey: somebody.insighto.key } },
  },
  UnlinkAccount: { as: somebody.token, variables: { input: { provider: 'ATOMS' } } },
  DeleteMe: { as: 'demo-1001', variables: {} },
};

/** Every operation of the contract, with who runs it and its variables; one that nobody says how to run is an error. */
export const readyOperations = [...(await readOperations())].map(([name, document]) => {
  const run = runs[name];
  if (!run) throw new Error(`How is the ready operation ${name} to be run? Say it here.`);
  return { name, document, ...run };
});
