import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSchema } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { artifactPaths, standaloneFolder, updateArtifacts } from '../schema-artifacts.ts';
import { schemaChanges } from '../schema-changes.ts';

/** A schema, as small as it gets, with another line in `User`. */
function withField(field: string, keys = '@key(fields: "id")') {
  return {
    api: `type Query { me: User } type User { id: ID! ${field} }`,
    subgraph: `type Query { me: User } type User ${keys} { id: ID! ${field} }`,
  };
}

/** A schema with an enum, a union and an interface in its answers, and another enum in its input. */
function withKinds({ state = 'ON', made = 'Made', asked = 'A', holder = '', others = '' }) {
  const api = `type Query { state(of: Asked): State  made: Result  held: Held } ${others}
    enum State { ${state} } enum Asked { ${asked} } union Result = ${made}
    interface Held { id: ID! } type Made implements Held { id: ID! } type Other ${holder} { id: ID! }`;
  return { api, subgraph: api };
}

describe('a change of the schema', () => {
  test.each([
    ['a field that goes', withField('bio: String'), withField('')],
    ['another name', withField('bio: String'), withField('about: String')],
    ['a value that may be null now', withField('bio: String!'), withField('bio: String')],
    ['a new argument that is required', withField('bio: String'), withField('bio(in: String!): String')],
    ['a value of an enum in answers', withKinds({}), withKinds({ state: 'ON OFF' })],
    ['a member of a union in answers', withKinds({}), withKinds({ made: 'Made | Other' })],
    ['a type of an interface in answers', withKinds({}), withKinds({ holder: 'implements Held' })],
    ['a key that goes', withField('', '@key(fields: "id") @key(fields: "no")'), withField('')],
  ])('breaks others: %s', async (_, before, after) => {
    expect((await schemaChanges(before, after)).map(({ level }) => level)).toContain('BREAKING');
  });

  test.each([
    ['a new field', withField(''), withField('bio: String')],
    ['a value that is never null any more', withField('bio: String'), withField('bio: String!')],
    ['a value of an enum that is only sent', withKinds({}), withKinds({ asked: 'A B' })],
    [
      'a new field with an enum and a union of its own',
      withKinds({}),
      withKinds({
        others: 'extend type Query { tint: Tint some: Some } enum Tint { RED } union Some = Other',
      }),
    ],
    ['a new key', withField(''), withField('', '@key(fields: "id") @key(fields: "no")')],
  ])('does not: %s', async (_, before, after) => {
    expect((await schemaChanges(before, after)).map(({ level }) => level)).not.toContain('BREAKING');
  });
});

describe('the committed artifacts', () => {
  let directory: string;
  const api = () => join(directory, artifactPaths.api);
  const update = (how: { check?: boolean; acceptBreaking?: boolean } = {}) =>
    updateArtifacts({ root: pathToFileURL(`${directory}/`), ...how });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'artifacts-'));
    for (const path of [...Object.values(artifactPaths), standaloneFolder])
      await cp(new URL(`../${path}`, import.meta.url), join(directory, path), { recursive: true });
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('are what the schema gives, and tell nothing of federation to clients', async () => {
    expect(await update({ check: true })).toEqual({ isFine: true, said: [] });
    const sdl = await readFile(api(), 'utf8');
    expect(buildSchema(sdl).getType('User')).toBeDefined();
    expect(sdl).not.toMatch(/@key|@link|_Entity|_Service|join__/);
  });

  test('that clients would lose a field by are written only when that is accepted', async () => {
    const current = await readFile(api(), 'utf8');
    const before = current.replace('type User {', 'type User {\n  shoeSize: Int');
    await writeFile(api(), before);

    expect(await update({ check: true })).toEqual({
      isFine: false,
      said: [
        "breaking: Field 'shoeSize' was removed from object type 'User'",
        expect.stringContaining('npm run schema'),
      ],
    });
    expect(await update()).toMatchObject({ isFine: false });
    expect(await readFile(api(), 'utf8')).toBe(before);

    expect(await update({ acceptBreaking: true })).toMatchObject({ isFine: true });
    expect(await readFile(api(), 'utf8')).toBe(current);
  });

  test('that nothing makes any more are named, then removed', async () => {
    const orphan = `${standaloneFolder}forget-me.graphql`;
    await writeFile(join(directory, orphan), 'query ForgetMe { __typename }');
    expect(await update({ check: true })).toEqual({ isFine: false, said: [expect.stringContaining(orphan)] });
    expect(await update()).toMatchObject({ isFine: true });
    expect(await update({ check: true })).toEqual({ isFine: true, said: [] });
  });

  test('that have got more are written as they are', async () => {
    const current = await readFile(api(), 'utf8');
    await writeFile(api(), current.replace(/^ {2}"""[^"]*"""\n {2}badges: .*\n/m, ''));
    const { isFine, said } = await update();
    expect(isFine).toBe(true);
    expect(said).toContain("non-breaking: Field 'badges' was added to object type 'User'");
    expect(said.at(-1)).toBe(`wrote ${artifactPaths.api}`);
    expect(await readFile(api(), 'utf8')).toBe(current);
  });

  test('that are not a schema any more are compared with nothing, and left alone', async () => {
    await writeFile(api(), '<<<<<<< HEAD');
    expect(await update()).toEqual({ isFine: false, said: [expect.stringContaining('merge conflict')] });
    expect(await readFile(api(), 'utf8')).toBe('<<<<<<< HEAD');
  });
});
