import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError, fields, listOf, readableOf } from '../../src/http/decode.ts';

const UNREADABLE = new Error('unreadable');
const quiet = () => UNREADABLE;
/** What a decoder reports, and the report. */
function reporting() {
  const reports: string[] = [];
  const report = (path: string, expected: string) => {
    reports.push(`${path}: ${expected}`);
    return UNREADABLE;
  };
  return { reports, report };
}

describe('a list of things that have nothing to do with each other', () => {
  const ids = readableOf(fields((from) => from.id('id')));

  it('is read without those that cannot be, each of which is reported', () => {
    const { reports, report } = reporting();
    expect(ids([{ id: 'a' }, {}, { id: 'b' }, 7], report)).toEqual({ items: ['a', 'b'], unreadable: 2 });
    expect(reports).toEqual(['1.id: an identifier', '3: an object']);
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
    owner: from.reference('owner'),
    tags: from.optional('tags', listOf(fields((tag) => tag.id('id')))),
    home: from.optional(
      'home',
      fields((home) => ({ id: home.id('id'), name: home.text('name') })),
    ),
  }));
  const full = {
    id: 'a',
    full_name: 'Ada',
    is_staff: true,
    count: 1,
    score: 1.5,
    at: '2024-05-01T10:00:00Z',
    state: 'on',
    owner: 'o-1',
    tags: [{ id: 'x' }],
    home: { id: 1, name: 'London' },
  };
  const nobody = {
    id: 'a',
    name: null,
    isStaff: null,
    count: null,
    score: null,
    at: null,
    state: null,
    owner: null,
    tags: null,
    home: null,
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
      owner: null,
      tags: null,
      home: null,
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

  it('reads empty text like none, and the UUID of nothing but noughts like none', () => {
    const empty = { id: 'a', full_name: '', count: '', score: '', at: '', state: '', owner: '' };
    expect(person(empty, quiet)).toEqual(nobody);
    expect(person({ id: 'a', owner: '00000000-0000-0000-0000-000000000000' }, quiet)).toEqual(nobody);
  });

  it.each([
    ['12', 12],
    ['-1', -1],
    ['12.0', 12],
    ['1e3', 1000],
  ])('reads the number that is sent as the text %j', (text, number) => {
    const { reports, report } = reporting();
    expect(person({ id: 'a', count: text, score: text }, report)).toMatchObject({
      count: number,
      score: number,
    });
    expect(reports).toEqual([]);
  });

  it('reads a UUID in capitals as the same in small letters, and any other id as it is', () => {
    const id = 'ABCDEF00-0000-4000-8000-000000000ADA';
    expect(person({ id, owner: id }, quiet)).toMatchObject({ id: id.toLowerCase(), owner: id.toLowerCase() });
    expect(person({ id: 'ABC', owner: 7 }, quiet)).toMatchObject({ id: 'ABC', owner: '7' });
  });

  it.each([
    ['an id that is missing', {}],
    ['an empty id', { id: '' }],
    ['an id beyond what JSON numbers carry', { id: 2 ** 53 }],
    ['an object for an id', { id: { $oid: 'a' } }],
  ])('is nothing without %s', (_, json) => {
    expect(() => person(json, quiet)).toThrow(expect.objectContaining({ name: 'DecodeError', path: 'id' }));
  });

  it.each([
    ['a number for text', { full_name: 1 }, 'name', 'full_name'],
    ['a list for text', { full_name: ['Ada'] }, 'name', 'full_name'],
    ['text for a flag', { is_staff: 'true' }, 'isStaff', 'is_staff'],
    ['a number for a flag', { is_staff: 1 }, 'isStaff', 'is_staff'],
    ['a count beyond 32 bits', { count: 2 ** 31 }, 'count', 'count'],
    ['a count beyond 32 bits as text', { count: '2147483648' }, 'count', 'count'],
    ['a broken count', { count: 1.5 }, 'count', 'count'],
    ['words for a number', { score: 'many' }, 'score', 'score'],
    ['a flag for a number', { score: true }, 'score', 'score'],
    ['a number that is none of ours', JSON.parse('{"score":1e999}'), 'score', 'score'],
    ['the same as text', { score: '1e999' }, 'score', 'score'],
    ['words for a time', { at: 'soon' }, 'at', 'at'],
    ['a number for a time', { at: 1714557600 }, 'at', 'at'],
    ['an object for a state', { state: {} }, 'state', 'state'],
    ['an object for a reference', { owner: {} }, 'owner', 'owner'],
    ['a reference beyond what JSON numbers carry', { owner: 2 ** 53 }, 'owner', 'owner'],
    ['an object for a list', { tags: {} }, 'tags', 'tags'],
    ['text for an object', { home: 'London' }, 'home', 'home'],
    ['an object without its id', { home: { name: 'London' } }, 'home', 'home.id'],
  ])('costs itself alone: %s', (_, odd, field, path) => {
    const { reports, report } = reporting();
    const outer = fields((from) => from.required('data', person));
    const well = outer({ data: full }, report);
    expect(reports).toEqual([]);
    expect(outer({ data: { ...full, ...odd } }, report)).toEqual({ ...well, [field]: UNREADABLE });
    expect(reports).toEqual([expect.stringMatching(`^data\\.${path.replace('.', '\\.')}: `)]);
  });

  it('loses of a list only what cannot be read', () => {
    const { reports, report } = reporting();
    expect(person({ id: 'a', tags: [{ id: 'x' }, 7, {}, { id: 'y' }] }, report).tags).toEqual(['x', 'y']);
    expect(reports).toEqual(['tags.1: an object', 'tags.2.id: an identifier']);
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
