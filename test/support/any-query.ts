import fc from 'fast-check';
import { ada, grace } from '../simulators/index.ts';

/** A query as tools write them and people do not, and what is sent with it. */
export interface AnyQuery {
  query: string;
  variables: Record<string, unknown>;
}

const USER_FIELDS = [
  'id',
  'name',
  'status',
  'badges',
  '__typename',
  'ejentoUserId',
  'atomsAccount { id }',
  'sessions { ip }',
  'emails { id }',
  'emails { email e: email }',
  'organization { id }',
  'organization { name __typename }',
  'billing { isTrial activePlan { name } }',
  'billing { activePlan { id } }',
  'billing { ... { isTrial } ... on Billing @skip(if: $b) { isPaying } isTrial }',
  'billing { activePlan { ... @include(if: $a) { id name } ...P } }',
];
/** Names that mean something to JavaScript, and nothing to GraphQL. */
const ODD_FIELDS = [
  '__proto__: id',
  'constructor: name',
  'toJSON: status',
  'then: id',
  'hasOwnProperty: badges',
];
const USER_IDS = [`"${ada.userId}"`, `"""${grace.userId}"""`, '"x"', '5', '$id', '$id'];
const REPRESENTATIONS = [
  `{ __typename: "User", id: "${grace.userId}" }`,
  '{ __typename: "User", ejentoUserId: "147" }',
  '{}',
  '7',
  '{ __typename: "User", id: $id }',
  '{ __typename: "User", id: null, ejentoUserId: "147" }',
  '{ __typename: User, id: null, deep: [{ a: [E, 1.5, true, "s"] }] }',
];
const VARIABLES = {
  a: fc.tuple(fc.constant('Boolean!'), fc.boolean()),
  b: fc.tuple(fc.constantFrom('Boolean!', 'Boolean = true'), fc.constantFrom(true, false, null, undefined)),
  id: fc.tuple(
    fc.constantFrom('ID!', 'ID', `ID = "${ada.userId}"`),
    fc.constantFrom(grace.userId, 'x', 5, null, undefined),
  ),
  of: fc.tuple(
    fc.constantFrom('[_Any!]!', '[_Any!]! = []'),
    fc.constantFrom(
      [],
      [{ __typename: 'User', id: grace.userId }, 'x'],
      { __typename: 'Robot' },
      null,
      undefined,
    ),
  ),
};

/** Mostly nothing. */
const condition = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '@include(if: $a)',
      '@skip(if: $b)',
      '@skip(if: true)',
      '@skip(if: false)',
      '@include(if: false) @skip(if: $b)',
      '@skip(if: $b) @include(if: $a)',
    ),
  },
);

/** The same alias means the same field, so that most of what comes of it is valid. */
const userField = fc
  .tuple(fc.constantFrom(...USER_FIELDS), fc.boolean(), condition)
  .map(([field, isAliased, condition]) =>
    field.replace(/^\w+/, (name) => `${isAliased ? `${name}Again: ` : ''}${name} ${condition}`),
  );

const { userFields } = fc.letrec<{ selection: string; userFields: string }>((tie) => ({
  selection: fc.oneof(
    { weight: 5, arbitrary: userField },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...ODD_FIELDS), condition).map((field) => field.join(' ')),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('', 'on User'), condition, tie('userFields'))
        .map(([type, condition, inner]) => `... ${type} ${condition} { ${inner} }`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('F', 'G'), condition).map(([name, on]) => `...${name} ${on}`),
    },
  ),
  userFields: fc.array(tie('selection'), { minLength: 1, maxLength: 5 }).map((all) => all.join(' ')),
}));

const entry = fc.oneof(
  fc.tuple(condition, userFields).map(([condition, inner]) => `me ${condition} { ${inner} }`),
  fc.tuple(fc.constantFrom(...USER_IDS), userFields).map(([id, inner]) => `user(id: ${id}) { ${inner} }`),
  fc
    .tuple(
      fc.oneof(
        fc.constant('$of'),
        fc.array(fc.constantFrom(...REPRESENTATIONS), { maxLength: 3 }).map((all) => `[${all.join(', ')}]`),
      ),
      userFields,
      condition,
    )
    .map(
      ([of, inner, condition]) =>
        `_entities(representations: ${of}) { __typename ... on User ${condition} { ${inner} } }`,
    ),
  fc.constantFrom('__typename', '_service { sdl }'),
);

/** Conditions, fragments, aliases, repetitions, literals and variables that fit or do not, in any combination. */
export const anyQuery: fc.Arbitrary<AnyQuery> = fc
  .record({
    entries: fc.array(entry, { minLength: 1, maxLength: 3 }),
    f: userFields.map((inner) => inner.replaceAll('...F', '...G')),
    g: userField,
    variables: fc.record(VARIABLES),
  })
  .map(({ entries, f, g, variables }) => {
    const text = entries.map((entry, at) => (at === 0 ? entry : `at${at}: ${entry}`)).join(' ');
    const hasF = text.includes('...F');
    const hasG = text.includes('...G') || (hasF && f.includes('...G'));
    const parts = [text, hasF && `fragment F on User { ${f} }`, hasG && `fragment G on User { ${g} }`];
    const hasP = parts.join().includes('...P');
    const body = [...parts, hasP && 'fragment P on BillingPlan { id credits }'].filter(Boolean);
    const used = Object.entries(variables).filter(([name]) =>
      new RegExp(`\\$${name}\\b`).test(body.join(' ')),
    );
    const head = used.map(([name, [type]]) => `$${name}: ${type}`).join(', ');
    return {
      query: [`query Q${head && `(${head})`} { ${body[0]} }`, ...body.slice(1)].join(' '),
      variables: Object.fromEntries(used.map(([name, [, value]]) => [name, value])),
    };
  });
