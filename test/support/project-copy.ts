import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const NEEDED = [
  'src',
  'schema',
  'contract',
  'test',
  'docs',
  'bench',
  'examples/supergraph',
  'examples/demo.ts',
];
const FILES = [
  'codegen.ts',
  'schema-artifacts.ts',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'README.md',
];

/** A copy of the project in a folder of its own, to change and to run commands in; `using` removes it. */
export class ProjectCopy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'project-'));

  constructor() {
    const isOwn = (path: string) => !/node_modules|[/\\]dist([/\\]|$)/.test(path.slice(root.length));
    for (const path of [...NEEDED, ...FILES])
      cpSync(join(root, path), join(this.folder, path), { recursive: true, filter: isOwn });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Replaces a text that is there, once. */
  edit(path: string, from: string | RegExp, to: string): void {
    const file = join(this.folder, path);
    const before = readFileSync(file, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${path} has no ${from}.`);
    writeFileSync(file, after);
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  /** Runs a command of the project with its own Node; its exit code, and all that it said. */
  run(...[command = '', ...words]: string[]): { exit: number | null; said: string } {
    const PATH = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;
    const { status, stdout, stderr } = spawnSync(command, words, {
      cwd: this.folder,
      encoding: 'utf8',
      env: {
        PATH,
        HOME: this.folder,
        BIRD_BASE_URL: 'http://127.0.0.1:9',
        LINKS_URL: 'sqlite::memory:',
        PORT: '0',
      },
    });
    return { exit: status, said: stdout + stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
