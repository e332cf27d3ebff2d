import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');
const page = 'examples/account-page';
let copy: string;

/** The schemas of both subgraphs and this page, where a field can be renamed without anybody noticing. */
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'account-page-'));
  for (const part of ['schema', 'examples/supergraph/projects'])
    cpSync(join(repository, part), join(copy, part), { recursive: true });
  const left = new Set(['node_modules', 'dist', 'test']);
  for (const part of readdirSync(join(repository, page)).filter((name) => !left.has(name)))
    cpSync(join(repository, page, part), join(copy, page, part), { recursive: true });
  mkdirSync(join(copy, page, 'test'));
  symlinkSync(join(repository, page, 'node_modules'), join(copy, page, 'node_modules'));
});
afterEach(() => rmSync(copy, { recursive: true }));

/** Builds the copy; what it printed, if it failed. Under `NODE_ENV=test` codegen would keep its reasons to itself. */
async function build(): Promise<string | null> {
  const env = { ...process.env, NODE_ENV: 'production' };
  const run = promisify(execFile)('npm', ['run', 'build'], { cwd: join(copy, page), env });
  return run.then(
    () => null,
    (failure: { stdout: string; stderr: string }) => failure.stdout + failure.stderr,
  );
}

function change(file: string, from: string, to: string): void {
  const path = join(copy, file);
  const sdl = readFileSync(path, 'utf8');
  expect(sdl.split(from)).toHaveLength(2);
  writeFileSync(path, sdl.replace(from, to));
}

test('without a change it builds, and what is generated is what is committed', async () => {
  expect(await build()).toBeNull();
  for (const file of readdirSync(join(repository, page, 'src/generated'))) {
    const path = join(page, 'src/generated', file);
    expect(readFileSync(join(copy, path), 'utf8')).toBe(readFileSync(join(repository, path), 'utf8'));
  }
});

test('a renamed field breaks the build, and the place that asks for it is named', async () => {
  change('schema/bird.graphql', '\n  timezone: String\n', '\n  timeZone: String\n');
  const failure = await build();
  expect(failure).toContain('Cannot query field "timezone" on type "User". Did you mean "timeZone"');
  expect(failure).toMatch(/account-page\/src\/account\/profile-\w+\.tsx:\d+/);
});

test('so does a renamed field of the other subgraph', async () => {
  change('examples/supergraph/projects/schema.graphql', '\n  members: ', '\n  people: ');
  const failure = await build();
  expect(failure).toContain('Cannot query field "members" on type "Project"');
});

test('so does a renamed field of an input, which no document mentions', async () => {
  change('schema/user.graphql', '\n  timezone: String\n', '\n  timeZone: String\n');
  const failure = await build();
  expect(failure).toContain("'timezone' does not exist in type");
});

test('so does a new state of a subscription, until there are words for it', async () => {
  change('schema/insighto.graphql', '\n  PAUSED\n', '\n  PAUSED\n  ON_HOLD\n');
  const failure = await build();
  expect(failure).toContain('src/account/subscription-words.ts');
  expect(failure).toContain('ON_HOLD');
});
