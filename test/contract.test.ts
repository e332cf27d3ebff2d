import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  buildClientSchema,
  buildSchema,
  type IntrospectionQuery,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { userPresets } from '../src/explorer/presets.ts';
import { readyOperations } from './support/ready-operations.ts';
import { startSubgraph, type Subgraph } from './support/subgraph.ts';

const contract = fileURLToPath(new URL('../contract/', import.meta.url));
const schema = buildSchema(await readFile(join(contract, 'schema.graphql'), 'utf8'));
describe('a ready operation', () => {
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await startSubgraph();
  });
  afterAll(() => subgraph.stop());
  beforeEach(() => subgraph.reset());

  test.each(readyOperations)('$name is valid and is answered without an error', async (operation) => {
    const { document, ...asking } = operation;
    // Unused fragments are an error here: each operation brings what it needs, and no more.
    expect(validate(schema, parse(document))).toEqual([]);
    const { data, errors } = await subgraph.ask(document, asking);
    expect(errors).toEqual([]);
    const [answer] = Object.values(data as object);
    expect(answer).not.toBeNull();
    expect(answer).not.toHaveProperty('fieldErrors');
  });

  test('is what the explorers have ready, all of them', async () => {
    const presets = await userPresets();
    expect(presets.map(({ name }) => name).toSorted()).toEqual(
      readyOperations.map(({ name }) => name).toSorted(),
    );
    for (const { document } of presets) expect(validate(schema, parse(document))).toEqual([]);
  });
});

describe('the package for front ends', () => {
  let frontEnd: string;
  beforeAll(async () => {
    frontEnd = await mkdtemp(join(tmpdir(), 'front-end-'));
    await mkdir(join(frontEnd, 'node_modules'));
    await symlink(contract, join(frontEnd, 'node_modules/user-subgraph-contract'));
  });
  afterAll(() => rm(frontEnd, { recursive: true }));

  const read = (path: string) => {
    const { resolve } = createRequire(join(frontEnd, 'package.json'));
    return readFile(resolve(`user-subgraph-contract/${path}`), 'utf8');
  };

  test('has the schema, in both forms, and the fragments and operations by their paths', async () => {
    expect(printSchema(buildSchema(await read('schema.graphql')))).toBe(printSchema(schema));
    const introspection = JSON.parse(await read('introspection.json')) as IntrospectionQuery;
    expect(printSchema(buildClientSchema(introspection))).toBe(printSchema(schema));
    expect(await read('subgraph.graphql')).toContain('@key(fields: "id")');
    expect(await read('cache')).toContain('Billing: { merge: true }');
    expect(await read('operations/standalone/me.graphql')).toContain('fragment PersonCard');
    expect(await read('operations/me.graphql')).toContain('query Me');
    expect(await read('operations/fragments/person-card.graphql')).toContain('fragment PersonCard');
  });

  test('holds nothing else', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json'], { cwd: contract });
    const [packed] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const others = packed.files.map(({ path }) => path).filter((path) => !path.startsWith('operations/'));
    expect(others.toSorted()).toEqual([
      'README.md',
      'cache.d.ts',
      'cache.js',
      'introspection.json',
      'package.json',
      'partial-answers.d.ts',
      'partial-answers.js',
      'schema.graphql',
      'subgraph.graphql',
    ]);
  });
});
