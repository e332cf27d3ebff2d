import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** A copy of the project in a folder of its own, to change and to run commands in; `using` removes it. */
export class ProjectCopy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'project-'));

  constructor() {
    const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const path of listed.stdout
      .split('\n')
      .filter((path) => path !== '' && existsSync(join(root, path))))
      cpSync(join(root, path), join(this.folder, path), { recursive: true });
    for (const installed of ['node_modules', 'test/links/postgres/node_modules'])
      if (existsSync(join(root, installed))) symlinkSync(join(root, installed), join(this.folder, installed));
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Replaces a text that has to be there. */
  edit(path: string, from: string | RegExp, to: string | ((found: string) => string)): void {
    const file = join(this.folder, path);
    const before = this.read(path);
    const after = typeof to === 'string' ? before.replace(from, to) : before.replace(from, to);
    if (after === before) throw new Error(`${path} has no ${from}.`);
    writeFileSync(file, after);
  }

  append(path: string, text: string): void {
    appendFileSync(join(this.folder, path), text);
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Runs a command of the project with its own Node; its exit code, and all that it said. */
  run(...[command = '', ...words]: string[]): { exit: number | null; said: string } {
    const PATH = `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`;
    const { status, stdout, stderr } = spawnSync(command, words, {
      cwd: this.folder,
      encoding: 'utf8',
      env: {
        NO_COLOR: '1',
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
