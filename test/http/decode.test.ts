import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError, fields, listOf, readableOf } from '../../src/http/decode.ts';

const quiet = () => {};

describe('a list of things that have nothing to do with each other', () => {
  const ids = readableOf(fields((from) => from.id('id')));

  it('is read without those that cannot be, of which the first is told', () => {
    const warnings: string[] = [];
    const warn = (path: string, expected: string) => void warnings.push(`${path}: ${expected}`);
    expect(ids([{ id: 'a' }, {}, { id: 'b' }, 7], warn)).toEqual({ items: ['a', 'b'], unreadable: 2 });
    expect(ids([7, {}], warn)).toEqual({ items: [], unreadable: 2 });
    expect(warnings).toEqual(['1.id: an identifier', '0: an object']);
    expect(ids([], quiet)).toEqual({ items: [], unreadable: 0 });
  });

  it('is a list', () => {
    expect(() => ids({ id: 'a' }, quiet)).toThrow(DecodeError);
  });
});

describe('an object', () => {
  const person = fields((from) => ({
    id: from.id('id'),
    name: from.text('full_name'),
    isStaff: from.boolean('is_staff'),
    count: from.integer('count'),
    score: from.number('score'),
    at: from.time('at'),
    state: from.oneOf('state', { on: 'ON' }),
    tags: from.optional('tags', listOf(fields((tag) => tag.id('id')))),
  }));
  const nobody = {
    id: 'a',
    name: null,
    isStaff: null,
    count: null,
    score: null,
    at: null,
    state: null,
    tags: null,
  };

  it('reads missing and null the same', () => {
    expect(person({ id: 'a' }, quiet)).toEqual(nobody);
    const nulls = {
      id: 'a',
      full_name: null,
      is_staff: null,
      count: null,
      score: null,
      at: null,
      state: null,
      tags: null,
    };
    expect(person(nulls, quiet)).toEqual(nobody);
  });

  it('reads half of a character as the sign for one that is missing', () => {
    expect(person(JSON.parse('{"id":"a","full_name":"Ada \\ud83d"}'), quiet).name).toBe('Ada \ufffd');
  });

  it('reads a numeric id as text', () => {
    expect(person({ id: 147 }, quiet).id).toBe('147');
  });

  it('reads what nobody told us about as UNKNOWN, also the names that every object has', () => {
    expect(person({ id: 'a', state: 'on' }, quiet).state).toBe('ON');
    expect(person({ id: 'a', state: 'off' }, quiet).state).toBe('UNKNOWN');
    expect(person({ id: 'a', state: 'constructor' }, quiet).state).toBe('UNKNOWN');
  });

  it.each([
    ['an id that is missing', {}, 'id'],
    ['an empty id', { id: '' }, 'id'],
    ['an id beyond what JSON numbers carry', { id: 2 ** 53 }, 'id'],
    ['a number for text', { id: 'a', full_name: 1 }, 'full_name'],
    ['text for a flag', { id: 'a', is_staff: 'true' }, 'is_staff'],
    ['a count beyond 32 bits', { id: 'a', count: 2 ** 31 }, 'count'],
    ['a broken count', { id: 'a', count: 1.5 }, 'count'],
    ['text for a number', { id: 'a', score: '1' }, 'score'],
    ['a number that is none of ours', JSON.parse('{"id":"a","score":1e999}'), 'score'],
    ['an object for a list', { id: 'a', tags: {} }, 'tags'],
    ['a bad element of a list', { id: 'a', tags: [{ id: 'x' }, 7] }, 'tags.1'],
    ['a bad key of an element', { id: 'a', tags: [{ id: 'x' }, {}] }, 'tags.1.id'],
  ])('refuses %s and says where', (_, json, path) => {
    expect(() => person(json, quiet)).toThrow(expect.objectContaining({ name: 'DecodeError', path }));
  });

  it.each(['soon', 1714557600, {}])('reads the time %j as null, and warns with the path alone', (at) => {
    const warnings: string[] = [];
    const outer = fields((from) => from.required('data', person));
    const decoded = outer({ data: { id: 'a', at } }, (path, expected) =>
      warnings.push(`${path}: ${expected}`),
    );
    expect(decoded.at).toBeNull();
    expect(warnings).toEqual(['data.at: a time']);
  });

  it('decodes or throws a DecodeError, whatever comes, and names no value of it', () => {
    const hostile = fc.record(
      {
        id: fc.anything(),
        full_name: fc.anything(),
        count: fc.anything(),
        at: fc.anything(),
        tags: fc.anything(),
        ['__proto__']: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(hostile, fc.jsonValue()), (json) => {
        try {
          expect(Object.keys(person(json, quiet))).toEqual(Object.keys(nobody));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
          expect((error as DecodeError).message).toMatch(/^(the answer|[a-z_.\d]+) is not /);
        }
      }),
    );
  });
});
