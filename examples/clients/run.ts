import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { startNewer } from './newer.ts';
import { startSubgraph } from '../../test/support/subgraph.ts';

const run = promisify(execFile);

const standalone = '../../../contract/operations/standalone/';

interface Client {
  /** Where it is, if not in the folder of its name. */
  folder?: string;
  /** What tells that its language is installed. */
  needs: string[];
  /** What is run before, once for a folder. */
  prepare: string[][];
  program: string[];
}

/** Three programs in one folder. */
const typescript = {
  folder: 'typescript',
  needs: ['npm', '--version'],
  prepare: [
    ['npm', 'ci'],
    ['npm', 'run', 'codegen'],
  ],
};

const clients: Record<string, Client> = {
  'apollo-client': { ...typescript, program: ['node', 'apollo-client.ts'] },
  go: {
    needs: ['go', 'version'],
    prepare: [['go', 'tool', 'genqlient', 'genqlient.yaml']],
    program: ['go', 'run', '.'],
  },
  kotlin: {
    // Says no as well where Maven is there and no JDK.
    needs: ['mvn', '--version'],
    prepare: [['mvn', '--batch-mode', '--quiet', 'compile']],
    program: ['mvn', '--batch-mode', '--quiet', 'exec:java'],
  },
  python: {
    needs: ['python3', '-m', 'venv', '--help'],
    prepare: [
      ['python3', '-m', 'venv', '.venv'],
      ['.venv/bin/pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
      // It reads every file below one folder: two operations that share a fragment would be an error.
      ['mkdir', '-p', 'queries'],
      ['cp', `${standalone}me.graphql`, `${standalone}update-me.graphql`, 'queries'],
      ['.venv/bin/ariadne-codegen'],
    ],
    program: ['.venv/bin/python', 'main.py'],
  },
  relay: { ...typescript, program: ['node', 'relay.ts'] },
  rust: {
    needs: ['cargo', '--version'],
    prepare: [['cargo', 'build', '--quiet', '--locked']],
    program: ['cargo', 'run', '--quiet', '--locked'],
  },
  urql: { ...typescript, program: ['node', 'urql.ts'] },
};

/** What every program says: one provider is down, the rest is there; one field changes, and nothing else vanishes. */
const expected = `trouble me.billing PROVIDER_UNAVAILABLE
me Ada Lovelace
changed Europe/London | bio: Writes programs for engines that do not exist yet.
refused timezone
`;

/** What every program says where updateMe answers with a type that is newer than the program. */
const ofNewer = /^trouble me\.billing PROVIDER_UNAVAILABLE\nme Ada Lovelace\n(something newer.*\n){2}$/;

let failed = 0;
let passed = 0;
let skipped = 0;
const prepared = new Set<string>();
for (const [name, { folder = name, needs, prepare, program }] of Object.entries(clients)) {
  const cwd = fileURLToPath(new URL(`${folder}/`, import.meta.url));
  const call = ([command = '', ...args]: string[], env = {}) =>
    run(command, args, { cwd, env: { ...process.env, ...env } });
  const isInstalled = await call(needs).then(
    () => true,
    () => false,
  );
  if (!isInstalled) {
    skipped += 1;
    process.stdout.write(`${name}: skipped, because \`${needs.join(' ')}\` does not run here\n`);
    continue;
  }
  const subgraph = await startSubgraph();
  try {
    if (!prepared.has(folder)) for (const step of prepare) await call(step);
    prepared.add(folder);
    await subgraph.insighto.isDown();
    // Some Mavens set the terminal's colour back, though there is no terminal.
    const saidOf = async (url: string) =>
      stripVTControlCharacters((await call(program, { GRAPHQL_URL: `${url}/graphql` })).stdout);
    const stdout = await saidOf(subgraph.url);
    if (stdout !== expected) throw new Error(`It said\n${stdout}instead of\n${expected}`);
    const newer = await startNewer(subgraph.url);
    const later = await saidOf(newer.url).finally(newer.stop);
    if (!ofNewer.test(later)) throw new Error(`To a newer server it said\n${later}instead of ${ofNewer}`);
    passed += 1;
    process.stdout.write(`${name}: fine\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`${name}: ${(error as Error).message}\n`);
  } finally {
    await subgraph.stop();
  }
}
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed > 0 ? 1 : 0;
