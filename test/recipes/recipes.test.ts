import { describe, expect, it } from 'vitest';
import { ProjectCopy } from '../support/project-copy.ts';

/** The recipes of the README, followed in a copy: what they name is enough, and what is left out is asked for by name. */
const CODEGEN = ['node', 'codegen.ts'];
const SCHEMA = ['node', 'schema-artifacts.ts'];
const TYPES = ['tsc'];
const tests = (...paths: string[]) => ['vitest', 'run', ...paths];

function expectRun(project: ProjectCopy, command: string[], exit: number, said: string | RegExp = ''): void {
  const ran = project.run(...command);
  expect({ command, ...ran }).toEqual({ command, exit, said: expect.stringMatching(said) });
}

/** After every change of the SDL. */
function derive(project: ProjectCopy): void {
  expectRun(project, CODEGEN, 0);
  expectRun(project, SCHEMA, 0, 'wrote contract/subgraph.graphql');
}

describe('a field', () => {
  const schema = (project: ProjectCopy) => {
    const field = '  "The phone number. Public to members."\n  phone: String\n';
    project.edit('schema/ejento.graphql', '  domain: String\n', `  domain: String\n${field}`);
    derive(project);
  };
  const wire = (project: ProjectCopy) =>
    project.edit(
      'src/providers/ejento/wire.ts',
      /^ {2}domain: .*\n/m,
      "$&  phone: from.text('org_phone'),\n",
    );
  const simulator = (project: ProjectCopy) =>
    project.edit('test/simulators/ejento.ts', /^ {4}domain,\n/m, "$&    org_phone: '+31 20 000 0000',\n");

  it('takes the steps of its recipe', () => {
    using project = new ProjectCopy();
    for (const step of [schema, wire, simulator]) step(project);
    expectRun(project, TYPES, 0);
    expectRun(project, tests('test/graphql/schema.test.ts', 'test/user/visibility.test.ts'), 0);
  });

  it('is asked for where it was left out', () => {
    using project = new ProjectCopy();
    schema(project);
    expectRun(
      project,
      TYPES,
      1,
      /^src\/graphql\/schema\.ts\S+ error TS2344: Type '"Organization\.phone has no answer: read it in the wire\.ts/,
    );
    wire(project);
    expectRun(project, tests('test/graphql/schema.test.ts'), 1, /test\/simulators[^]*Organization\.phone/);
  });
});

describe('a mutation', () => {
  const schema = (project: ProjectCopy) => {
    project.edit(
      'schema/user.graphql',
      /^type Mutation \{\n/m,
      '$&  "Says hello to the caller."\n  greetMe: GreetMeResult\n',
    );
    project.append(
      'schema/user.graphql',
      '\n"What became of `greetMe`."\nunion GreetMeResult = GreetMeSuccess\n\n"The caller was greeted."\ntype GreetMeSuccess {\n  "The words."\n  words: String!\n}\n',
    );
    derive(project);
  };
  const resolver = (project: ProjectCopy) => {
    project.write(
      'src/user/greet-me.ts',
      `import type { GreetMeResult } from '../generated/resolvers.ts';
import type { Context } from '../request/context.ts';

/** Greets the viewer. */
export async function greetMe({ viewer }: Context): Promise<GreetMeResult> {
  return { __typename: 'GreetMeSuccess', words: \`Hello \${await viewer.requireId()}\` };
}
`,
    );
    project.edit(
      'src/user/resolvers.ts',
      /^import \{ linkAccount/m,
      "import { greetMe } from './greet-me.ts';\n$&",
    );
    project.edit(
      'src/user/resolvers.ts',
      /^export const Mutation = \{\n/m,
      '$&  greetMe: (_parent, _args, context) => greetMe(context),\n',
    );
  };

  it('takes the steps of its recipe, and its resolver is asked for', () => {
    using project = new ProjectCopy();
    schema(project);
    expectRun(project, TYPES, 1, /"Mutation\.greetMe has no answer/);
    resolver(project);
    expectRun(project, TYPES, 0);
    expectRun(project, tests('test/graphql/schema.test.ts', 'test/schema-artifacts.test.ts'), 0);
  });
});

describe('a fifth provider', () => {
  /** Acme is Atoms under another name, as far as people cannot link it themselves. */
  const asAcme = (text: string) =>
    text.replaceAll('Atoms', 'Acme').replaceAll('atoms', 'acme').replaceAll('ATOMS', 'ACME');

  it('takes the steps of its recipe', () => {
    using project = new ProjectCopy();
    project.write('schema/acme.graphql', asAcme(project.read('schema/atoms.graphql')));
    for (const file of ['wire', 'client', 'fields'])
      project.write(`src/providers/acme/${file}.ts`, asAcme(project.read(`src/providers/atoms/${file}.ts`)));
    project.edit('src/providers/acme/client.ts', /^ {2}accountOfKey: [^]*?,\n(?=\n)/m, '');
    project.edit(
      'codegen.ts',
      /^ *AtomsAccount: [^\n]*\n *AtomsSubscription: [^\n]*\n/m,
      (lines) => lines + asAcme(lines),
    );
    project.edit('src/providers/registry.ts', /^import \{ atoms \}.*\n/m, (line) => asAcme(line) + line);
    project.edit('src/providers/registry.ts', /^export const registry = \{ /m, '$&acme, ');
    project.edit('src/providers/fields.ts', /^import \* as atoms .*\n/m, (line) => asAcme(line) + line);
    project.edit('src/providers/fields.ts', /^ {2}atoms: atoms\.User,\n/m, (line) => line + asAcme(line));
    project.edit('src/providers/fields.ts', '...userFields.atoms', '...userFields.atoms, ...userFields.acme');
    project.edit('src/providers/fields.ts', /^ {2}AtomsAccount: .*\n/m, (line) => line + asAcme(line));
    derive(project);
    expectRun(
      project,
      TYPES,
      1,
      /^\S+ error TS\d+: .*"acme has no simulator: start it in test\/simulators\/index\.ts"/,
    );

    project.write('test/simulators/acme.ts', asAcme(project.read('test/simulators/atoms.ts')));
    for (const file of ['test/simulators/index.ts', 'test/simulators/people.ts'])
      project.edit(file, /^.*(?:[aA]toms|ATOMS).*\n/gm, (line) => acmeBeside(line));
    project.edit('test/calls.test.ts', /^ {2}atoms: .*\n/m, (line) => line + asAcme(line));

    expectRun(project, TYPES, 0);
    expectRun(project, [...tests('test/calls.test.ts'), '--update'], 0);
    expectRun(
      project,
      tests('test/graphql/schema.test.ts', 'test/user', 'test/settings', 'test/links-down.test.ts'),
      0,
    );
  });

  /** A line about Atoms, with the same about Acme: within a list, or as a line of its own. */
  function acmeBeside(line: string): string {
    const within = line
      .replace(/'atoms'(?=;)/, "'atoms' | 'acme'")
      .replace(/, atoms(?= [}\]])/, ', atoms, acme')
      .replace(/(?<=\[.*), atoms(?=\])/, ', atoms, acme');
    return within === line ? line + asAcme(line) : within;
  }
});
