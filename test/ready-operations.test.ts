import { readdir, readFile } from 'node:fs/promises';
import {
  buildSchema,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { readyOperations } from './support/ready-operations.ts';

const contract = new URL('../contract/', import.meta.url);
const schema = buildSchema(await readFile(new URL('generated/api.graphql', contract), 'utf8'));
const operations = await textsOf('operations/');
const fragments = await textsOf('operations/fragments/');
const standalone = await textsOf('operations/standalone/');

/** The GraphQL files of a folder of the contract: name and text. */
async function textsOf(folder: string): Promise<[name: string, text: string][]> {
  const names = (await readdir(new URL(folder, contract))).filter((name) => name.endsWith('.graphql'));
  return Promise.all(
    names.map(async (name) => [name, await readFile(new URL(folder + name, contract), 'utf8')]),
  );
}

/** What the selections of a text lack of what caches and generators go by. */
function lackedBy(text: string): string[] {
  const lacked: string[] = [];
  const types = new TypeInfo(schema);
  const selectionSets = {
    SelectionSet({ selections }: SelectionSetNode) {
      const type = types.getParentType();
      const selects = (name: string) =>
        selections.some((selection) => selection.kind === Kind.FIELD && selection.name.value === name);
      if (isAbstractType(type) && !selects('__typename')) lacked.push(`__typename of ${type.name}`);
      if (isObjectType(type) && 'id' in type.getFields() && !selects('id')) lacked.push(`id of ${type.name}`);
    },
  };
  visit(parse(text), visitWithTypeInfo(types, selectionSets));
  return lacked;
}

describe('a ready operation', () => {
  test.each([...operations, ...fragments])(
    '%s selects __typename of every union and id of whatever has one',
    (_, text) => expect(lackedBy(text)).toEqual([]),
  );

  test('that lacks one of them is found', () => {
    expect(lackedBy('{ me { name } }')).toEqual(['id of User']);
    expect(lackedBy('mutation { deleteMe { ... on DeleteMeAccepted { userId } } }')).toEqual([
      '__typename of DeleteMeResult',
    ]);
  });

  // Generators take what is said about a variable from the line above it.
  test.each(operations.filter(([, text]) => text.includes('$input')))(
    '%s has $input on a line of its own',
    (_, text) => {
      expect(text).toMatch(/^ +\$input: \w+!$/m);
    },
  );

  test.each(standalone)('standalone/%s is one of them in a file that needs no other', (name, text) => {
    expect(validate(schema, parse(text))).toEqual([]);
    const source = operations.find(([each]) => each === name)?.[1] ?? '';
    const [definition] = parse(source).definitions;
    const ready = readyOperations.find(
      (each) => definition?.kind === Kind.OPERATION_DEFINITION && each.name === definition.name?.value,
    );
    const definitionsOf = (document = '') => parse(document).definitions.map(print).toSorted();
    expect(definitionsOf(text)).toEqual(definitionsOf(ready?.document));
  });

  test('is there in both forms', () => {
    expect(standalone.map(([name]) => name).toSorted()).toEqual(operations.map(([name]) => name).toSorted());
  });
});
