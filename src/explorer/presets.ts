import { readdir, readFile } from 'node:fs/promises';
import { concatAST, parse, print, separateOperations } from 'graphql';

/** An operation that an explorer has ready, and who runs it: a person of the demo. */
export interface Preset {
  name: string;
  document: string;
  variables: Record<string, unknown>;
  headers: Record<string, string>;
}

/** The operations that front ends may take as they are; what an explorer shows comes from there too. */
const OPERATIONS = new URL('../../contract/operations/', import.meta.url);

/** What is shown, in this order. */
const shown: readonly { operation: string; as: string; variables?: Record<string, unknown> }[] = [
  { operation: 'Me', as: 'demo-ada' },
  { operation: 'MyAccount', as: 'demo-ada' },
  { operation: 'Person', as: 'demo-ada', variables: { id: '00000000-0000-4000-8000-000000009ace' } },
  { operation: 'UpdateMe', as: 'demo-ada', variables: { input: { timezone: 'Europe/London' } } },
  { operation: 'UnlinkAccount', as: 'demo-ada', variables: { input: { provider: 'INSIGHTO' } } },
  {
    operation: 'LinkAccount',
    as: 'demo-ada',
    variables: { input: { provider: 'INSIGHTO', apiKey: 'in-personal-key-000000000001' } },
  },
  { operation: 'DeleteMe', as: 'demo-1001' },
];

/** The presets for this subgraph's own explorer. */
export async function userPresets(): Promise<Preset[]> {
  const documents = await readOperations();
  return shown.map(({ operation, as, variables = {} }) => ({
    name: operation,
    document: documents.get(operation) ?? '',
    variables,
    headers: { authorization: `Bearer ${as}` },
  }));
}

/** Every ready operation by its name, with the fragments that it needs and no others. */
export async function readOperations(): Promise<ReadonlyMap<string, string>> {
  const folders = [OPERATIONS, new URL('fragments/', OPERATIONS)];
  const files = (await Promise.all(folders.map(filesIn))).flat();
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const operations = separateOperations(concatAST(texts.map((text) => parse(text))));
  return new Map(Object.entries(operations).map(([name, document]) => [name, print(document)]));
}

async function filesIn(folder: URL): Promise<URL[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.graphql')).map((name) => new URL(name, folder));
}
