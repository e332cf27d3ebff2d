import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = await readFile(join(root, 'docs/typed-front-ends.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text = '']) => ({
  language,
  text,
}));

let project: string;
/** Runs a command in the project; all it said, with how it ended. */
async function run(command: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const done = promisify(execFile)(command, args, { cwd: project });
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
  );
}

/** What a reader does: an empty project, the commands of the page, its files, and the one that it says to copy. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'front-end-'));
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await cp(join(root, 'contract'), join(project, 'contract'), { recursive: true });
  const commands = blocks.find(({ language }) => language === 'sh');
  expect(await run('bash', '-ec', commands?.text ?? '')).toMatchObject({ code: 0 });
  for (const { language, text } of blocks) {
    const [, file, content] = /^\/\/ (\S+)\n(.*)/s.exec(text) ?? [];
    if (language === 'sh' || !file) continue;
    await mkdir(dirname(join(project, file)), { recursive: true });
    await writeFile(join(project, file), content ?? '');
  }
  const link = 'partial-answers-link.ts';
  await cp(join(root, 'examples/clients/typescript', link), join(project, 'src', link));
}, 300_000);
afterAll(() => rm(project, { recursive: true }));

test('the page has a file for each of its blocks', () => {
  const files = blocks.filter(({ language }) => language !== 'sh').map(({ text }) => text.split('\n')[0]);
  expect(files).toEqual(['// codegen.ts', '// tsconfig.json', '// src/client.ts', '// src/me.ts']);
});

test('what it says is generated, and compiles under TypeScript 7, strictly', async () => {
  expect(await run('npx', 'graphql-codegen')).toMatchObject({ code: 0 });
  expect(await run('npx', 'tsc', '--version')).toMatchObject({ said: expect.stringMatching(/^Version 7\./) });
  expect(await run('npx', 'tsc')).toEqual({ code: 0, said: '' });
  const documents = await readFile(join(project, 'src/generated/graphql.ts'), 'utf8');
  expect(documents).toContain('__typename');

  // It is not for nothing: what is not looked at is found.
  const me = join(project, 'src/me.ts');
  const text = await readFile(me, 'utf8');
  await writeFile(me, text.replace("case 'UpdateMeInvalid':", "case 'UpdateMeRefused':"));
  expect(await run('npx', 'tsc')).toMatchObject({ said: expect.stringContaining('UpdateMeRefused') });
});
