import { expect, it } from 'vitest';
import { ProjectCopy } from './support/project-copy.ts';

it.each([
  ['a type that is not there', 'domain: String', 'domain: Strin', 'Unknown type "Strin"'],
  ['a directive that is not there', 'domain: String', 'domain: String @nope', 'Unknown directive "@nope"'],
  ['a brace too many', 'domain: String', 'domain: String }', 'Syntax Error'],
])('%s is told with file and line, by every command that reads the SDL', (_what, from, to, message) => {
  using project = new ProjectCopy();
  project.edit('schema/ejento.graphql', from, to);
  for (const command of [
    ['node', 'src/main.js'],
    ['node', 'schema-artifacts.ts'],
    ['node', 'codegen.ts'],
  ]) {
    const { exit, said } = project.run(...command);
    expect(exit).toBe(1);
    expect(said).toContain(message);
    expect(said).toMatch(/schema\/ejento\.graphql:\d+:\d+/);
  }
});

it('a flag that a command does not have is told in words', () => {
  using project = new ProjectCopy();
  const { exit, said } = project.run('node', 'schema-artifacts.ts', '--chek');
  expect({ exit, said }).toEqual({
    exit: 1,
    said: expect.stringMatching(/^Unknown option '--chek'[^\n]*\n$/),
  });
});
