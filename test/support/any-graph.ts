import fc from 'fast-check';
import {
  GraphQLEnumType,
  GraphQLError,
  type GraphQLFieldResolver,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
} from 'graphql';

/**
 * A graph in which everything that a resolver may do is done somewhere: what, is chosen by the seed and the place in
 * the answer, so that whoever asks the same of the same seed meets the same. Not only values and errors: values of the
 * wrong type, promises that take their time, methods, types that nobody knows.
 */

/** The context. */
export interface Seeded {
  seed: number;
  /** Of a hundred values, how many are trouble. */
  trouble: number;
}

type Choice = (of: number) => number;

/** Chooses by a place; each call chooses anew. */
function choosing({ seed }: Seeded, place: string): Choice {
  let state = seed | 0;
  for (const character of place) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  return (of) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    state ^= state >>> 13;
    return (state >>> 3) % of;
  };
}

function placeOf({ path }: Pick<GraphQLResolveInfo, 'path'>): string {
  const keys: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at; at = at.prev) keys.push(at.key, at.typename ?? '-');
  return keys.join('/');
}

/** A value, now or later: after some turns of the microtask queue, or when everything else has been done. */
function soon(choose: Choice, make: () => unknown): unknown {
  switch (choose(6)) {
    case 0:
    case 1:
    case 2:
      return make();
    case 3:
      return afterTurns(choose(5), make);
    case 4:
      return new Promise((resolve, reject) =>
        setImmediate(() => {
          try {
            resolve(make());
          } catch (error) {
            reject(error);
          }
        }),
      );
    default:
      return likePromise(afterTurns(0, make));
  }
}

/** Not a promise, but what may be taken for one. */
function likePromise<T>(promise: Promise<T>): PromiseLike<T> {
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is for
  return { then: (...both) => promise.then(...both) };
}

async function afterTurns<T>(turns: number, make: () => T): Promise<T> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
  return make();
}

const trouble: ((place: string) => unknown)[] = [
  (place) => {
    throw new Error(`thrown at ${place}`);
  },
  (place) => new Error(`answered at ${place}`),
  () => null,
  () => undefined,
  (place) => {
    throw new GraphQLError(`of its own at ${place}`, { extensions: { code: 'ODD', at: place } });
  },
  (place) => {
    throw Object.assign(new Error(`with extensions at ${place}`), { extensions: { code: 'ODD' } });
  },
  () => {
    throw 'not an error' as unknown as Error;
  },
  () => Symbol.for('nobody serializes this'),
  () => ({ neither: 'this' }),
  () => 'text',
  () => Number.NaN,
  () => [null, 7],
];

function valueOf(type: GraphQLOutputType, seeded: Seeded, place: string): unknown {
  const choose = choosing(seeded, place);
  const make = (): unknown => {
    if (choose(100) < seeded.trouble) return trouble[choose(trouble.length)]?.(place);
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const items = Array.from({ length: choose(4) }, (_, at) => {
        try {
          return valueOf(nullable.ofType, seeded, `${place}/${at}`);
        } catch (error) {
          return error;
        }
      });
      return choose(5) === 0 ? new Set(items) : items;
    }
    if (isLeafType(nullable))
      return { Int: choose(99), ID: choose(99), String: `text "${choose(9)}"`, Odd: choose(9), Colour: 'r' }[
        nullable.name
      ];
    const name = isAbstractType(nullable)
      ? ['Cat', 'Dog', 'Eel', 'Fox'][(choose(40) % 39) % 4]
      : nullable.name;
    return objectOf(choose, name as string);
  };
  return soon(choose, make);
}

function objectOf(choose: Choice, kind: string): object {
  const property = choose(9);
  return {
    kind,
    ...(choose(3) > 0 && { __typename: kind }),
    plain: property,
    promised: choose(2) === 0 ? Promise.resolve('later') : 'now',
    method(args: object, _context: unknown, { path, fieldName }: GraphQLResolveInfo) {
      if (property === 0) throw new Error('a method throws');
      return `${property} ${fieldName} ${String(path.key)} ${JSON.stringify(args)}`;
    },
  };
}

const resolve: GraphQLFieldResolver<unknown, Seeded> = (_source, args, seeded, info) =>
  valueOf(info.returnType, seeded, `${placeOf(info)} ${JSON.stringify(args)}`);

const Odd = new GraphQLScalarType({
  name: 'Odd',
  serialize(value) {
    if (value === 1) return null;
    if (value === 2) throw new TypeError('cannot be serialized');
    return value === 3 ? { deep: [value] } : value;
  },
});
const Colour = new GraphQLEnumType({ name: 'Colour', values: { RED: { value: 'r' }, BLUE: { value: 'b' } } });
const Filter: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: 'Filter',
  fields: () => ({
    text: { type: GraphQLString, defaultValue: 'any' },
    of: { type: new GraphQLList(new GraphQLNonNull(Filter)) },
    least: { type: GraphQLInt },
    colours: { type: new GraphQLList(Colour) },
  }),
});

const nonNull = (type: GraphQLOutputType) => new GraphQLNonNull(type as never) as GraphQLOutputType;
const list = (type: GraphQLOutputType) => new GraphQLList(type) as GraphQLOutputType;

const common = () => {
  const field = (type: GraphQLOutputType) => ({ type, resolve });
  return {
    id: field(nonNull(GraphQLID)),
    text: field(GraphQLString),
    sure: field(nonNull(GraphQLString)),
    number: field(GraphQLInt),
    odd: field(Odd),
    colour: field(Colour),
    texts: field(list(GraphQLString)),
    numbers: field(list(nonNull(GraphQLInt))),
    surely: field(nonNull(list(nonNull(list(nonNull(GraphQLID)))))),
    found: {
      type: GraphQLString,
      args: {
        filter: { type: Filter },
        first: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 3 },
        ids: { type: new GraphQLList(GraphQLID) },
      },
      resolve,
    },
    cat: field(Cat),
    dog: field(nonNull(Dog)),
    pet: field(Pet),
    pets: field(list(Pet)),
    one: field(Any),
    any: field(list(nonNull(Any))),
    grid: field(list(list(Dog))),
    plain: { type: GraphQLInt },
    promised: { type: GraphQLString },
    method: { type: GraphQLString, args: { a: { type: GraphQLInt, defaultValue: 1 } } },
    missing: { type: GraphQLString },
  };
};

const kindOf = (value: unknown) => (value as { kind?: string } | null)?.kind;
const Pet: GraphQLInterfaceType = new GraphQLInterfaceType({
  name: 'Pet',
  fields: common,
  resolveType(value, seeded: Seeded, info) {
    const choose = choosing(seeded, `type of ${placeOf(info)} ${kindOf(value)}`);
    return soon(choose, () => {
      if (choose(100) >= seeded.trouble) return kindOf(value);
      const odd = ['Nobody', 'Odd', 'Query', undefined, 7, Cat][choose(7)];
      if (choose(2) === 0) throw new Error('no type');
      return odd;
    }) as string;
  },
});
const Cat: GraphQLObjectType = new GraphQLObjectType({
  name: 'Cat',
  interfaces: [Pet],
  fields: common,
  isTypeOf(value, seeded: Seeded, info) {
    const choose = choosing(seeded, `is of ${placeOf(info)}`);
    return soon(choose, () => kindOf(value) === 'Cat' && choose(100) >= seeded.trouble) as boolean;
  },
});
const Dog: GraphQLObjectType = new GraphQLObjectType({ name: 'Dog', interfaces: [Pet], fields: common });
const Eel: GraphQLObjectType = new GraphQLObjectType({
  name: 'Eel',
  fields: common,
  isTypeOf: (value) => kindOf(value) === 'Eel',
});
const Any = new GraphQLUnionType({ name: 'Any', types: () => [Cat, Dog, Eel] });

export const graph = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: common }),
  types: [Cat, Dog, Eel],
});

const LEAVES = [
  'id',
  'text',
  'sure',
  'number',
  'odd',
  'colour',
  'texts',
  'numbers',
  'surely',
  'plain',
  'promised',
  'method',
  'method(a: 2)',
  'missing',
  '__typename',
  'constructor: text',
  '__proto__: number',
  'toJSON: id',
  'found',
  'found(filter: { of: [{ least: 1 }, { text: null }] })',
  'found(first: $n)',
  'found(ids: $ids)',
  'found(filter: { least: $n, colours: [RED, $c] }, ids: [1, $id])',
  'found(filter: $f, first: 7)',
];
const OBJECTS = ['cat', 'dog', 'pet', 'pets', 'one', 'any', 'grid'];
const condition = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '@include(if: $yes)',
      '@skip(if: $yes)',
      '@skip(if: $no)',
      '@include(if: $no)',
      '@include(if: true)',
      '@skip(if: $no) @include(if: $yes)',
    ),
  },
);
const { selections } = fc.letrec<{ selection: string; selections: string }>((tie) => {
  const inner = tie('selections');
  return {
    selection: fc.oneof(
      { depthSize: 'small' },
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...LEAVES), condition).map((all) => all.join(' ')) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.constantFrom('', 'a: ', 'b: '), fc.constantFrom(...OBJECTS), condition, inner)
          .map(
            ([alias, name, on, inner]) =>
              `${alias && alias.replace(':', `_${name}:`)}${name} ${on} { ${inner} }`,
          ),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('', 'on Cat', 'on Dog', 'on Pet', 'on Eel', 'on Any'), condition, inner)
          .map(([on, condition, inner]) => `... ${on} ${condition} { ${inner} }`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('A', 'B', 'C'), condition)
          .map(([name, on]) => `...${name} ${on}`),
      },
    ),
    selections: fc.array(tie('selection'), { minLength: 1, maxLength: 6 }).map((all) => all.join(' ')),
  };
});

const HEAD =
  '($yes: Boolean!, $no: Boolean = false, $n: Int! = 2, $c: Colour, $id: ID, $ids: [ID] = [1], $f: Filter)';

/** An operation as no person would write it: executed, not validated. */
export const anyOperation = fc
  .record({ root: selections, a: selections, b: selections, c: selections })
  .map(({ root, a, b, c }) =>
    [
      `query Q${HEAD} { ${root} }`,
      // A fragment is not spread within itself.
      `fragment A on Pet { ${a.replaceAll(/\.\.\.[A]\b/g, '...B')} }`.replaceAll('...A', '...B'),
      `fragment B on Cat { ${b.replaceAll(/\.\.\.[AB]\b/g, '...C')} }`,
      `fragment C on Dog { ${c.replaceAll(/\.\.\.[ABC]\b/g, 'id')} }`,
    ].join('\n'),
  );

export const anyVariables = fc.record(
  {
    yes: fc.boolean(),
    no: fc.constantFrom(true, false, null),
    n: fc.constantFrom(1, 2),
    c: fc.constantFrom('RED', null),
    id: fc.constantFrom('x', 5, null),
    ids: fc.constantFrom(['a', null], 'one', null, []),
    f: fc.constantFrom({}, null, { of: { text: 'x' } }, { least: 5, colours: 'BLUE' }),
  },
  { requiredKeys: ['yes'] },
);
