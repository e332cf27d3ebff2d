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
const schema = buildSchema(await readFile(new URL('schema.graphql', contract), 'utf8'));
const operations = await textsOf('operations/');
const standalone = await textsOf('operations/standalone/');

/** The GraphQL files of a folder of the contract: name and text. */
async function textsOf(folder: string): Promise<[name: string, text: string][]> {
  const names = (await readdir(new URL(folder, contract))).filter((name) => name.endsWith('.graphql'));
  return Promise.all(
    names.map(async (name) => [name, await readFile(new URL(folder + name, contract), 'utf8')]),
  );
}

/**
 * What is wrong with the selections of an operation for caches and generators. A field that comes twice, directly and in a
 * fragment or in two of them, is one that Rust's graphql_client does not find in the second place.
 */
function faultsOf(text: string): string[] {
  const faults: string[] = [];
  const document = parse(text);
  const fieldsOf = ({ selections }: SelectionSetNode): string[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection.name.value];
      if (selection.kind === Kind.INLINE_FRAGMENT) return [];
      const fragment = document.definitions.find(
        (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
      );
      return fragment?.kind === Kind.FRAGMENT_DEFINITION ? fieldsOf(fragment.selectionSet) : [];
    });
  const types = new TypeInfo(schema);
  const selectionSets = {
    SelectionSet(
      set: SelectionSetNode,
      _key: unknown,
      parent: { kind?: string } | readonly unknown[] | undefined,
    ) {
      // What a fragment selects is looked at where it is spread.
      if (parent && 'kind' in parent && parent.kind === Kind.FRAGMENT_DEFINITION) return;
      const type = types.getParentType();
      const fields = fieldsOf(set);
      if (isAbstractType(type) && !fields.includes('__typename'))
        faults.push(`no __typename of ${type.name}`);
      if (isObjectType(type) && 'id' in type.getFields() && !fields.includes('id'))
        faults.push(`no id of ${type.name}`);
      const twice = fields.filter((field, index) => fields.indexOf(field) !== index);
      faults.push(...twice.map((field) => `${field} of ${type?.name} twice`));
    },
  };
  visit(document, visitWithTypeInfo(types, selectionSets));
  return faults;
}

describe('a ready operation', () => {
  test.each(standalone)(
    '%s selects __typename of every union, id of whatever has one, and nothing twice',
    (_, text) => expect(faultsOf(text)).toEqual([]),
  );

  test('that has one of these faults is found', () => {
    expect(faultsOf('{ me { name } }')).toEqual(['no id of User']);
    expect(faultsOf('{ me { id ...F } } fragment F on User { id }')).toEqual(['id of User twice']);
    expect(faultsOf('mutation { deleteMe { ... on DeleteMeAccepted { userId } } }')).toEqual([
      'no __typename of DeleteMeResult',
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
