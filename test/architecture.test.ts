import { globSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const foldersIn = (path: string) =>
  readdirSync(new URL(path, root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** The folders that a tree in the README names below a line, by its indentation. */
function namedBelow(parent: string, indentation: string): string[] {
  const [, tree = ''] = /\*\*The tree\*\*\n\n```\n([^]*?)```/.exec(read('README.md')) ?? [];
  const lines = tree.split('\n');
  const from = parent === '' ? 0 : lines.findIndex((line) => line.startsWith(parent)) + 1;
  const rest = lines.slice(from);
  const end = parent === '' ? -1 : rest.findIndex((line) => !line.startsWith(indentation));
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .flatMap((line) => new RegExp(String.raw`^${indentation}([\w-]+)/`).exec(line)?.[1] ?? []);
}

it('the README names every folder of src, and no other', () => {
  const hint = 'Name the folder in *The tree* of README.md: what is in it, in one line.';
  expect(namedBelow('src/', '  ').toSorted(), hint).toEqual(foldersIn('src').toSorted());
});

it('the README names every folder of the project', () => {
  const shown = foldersIn('.').filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const hint = 'Name the folder in *The tree* of README.md: what is in it, in one line.';
  expect(namedBelow('', ''), hint).toEqual(expect.arrayContaining(shown));
});

it('the linter knows on which floor each folder of src stands', () => {
  const { overrides } = JSON.parse(read('.oxlintrc.json')) as { overrides: { files: string[] }[] };
  const floors = overrides
    .flatMap(({ files }) => files)
    .flatMap((glob) => /^src\/([\w-]+)\/\*\*$/.exec(glob)?.[1] ?? []);
  const hint = 'Give the folder its floor in .oxlintrc.json: what it may import, and what to use instead.';
  expect([...new Set(floors)].toSorted(), hint).toEqual(
    foldersIn('src')
      .filter((name) => name !== 'generated')
      .toSorted(),
  );
});

/**
 * V8 makes a function that is assigned to a property where it is written (`this.done = () => …`) in its old generation
 * (findings/node-assigned-functions-are-made-old.sh), and all that it reaches outlives its request there: with one such
 * function for each operation a young collection took four times as long.
 */
it('no function is assigned to a property where it is written', () => {
  const assigned =
    /[\w\])]\.#?\w+ (?:\?\?|\|\||&&)?=\s+(?:async )?(?:function\b|(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\w+)(?:: [^=;]+)? =>)/g;
  const found = globSync('src/**/*.{ts,js}', { cwd: root }).flatMap((path) =>
    Array.from(read(path).matchAll(assigned), ([text]) => `${path}: ${text}`),
  );
  expect(found, 'Pass it as an argument, or give it a name first.').toEqual([]);
});
