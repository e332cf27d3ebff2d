import type { GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProviderName, providerNames } from '../src/providers/registry.ts';
import { buildSchema } from '../src/graphql/schema.ts';
import { ada, numbered } from './simulators/index.ts';
import { everything } from './support/everything.ts';
import { type Answer, operator, ROUTER_SECRET, startSubgraph, type Subgraph } from './support/subgraph.ts';

const User = buildSchema().getType('User') as GraphQLObjectType;
const EVERYTHING = everything(User);
/** A field that costs its provider one call. */
const ONE_OF: Record<ProviderName, string> = {
  bird: 'name',
  ejento: 'organization { name }',
  insighto: 'billing { isPaying }',
  atoms: 'atomsAccount { email }',
};
const ONE_OF_EACH = providerNames.map((name) => ONE_OF[name]).join(' ');
const userIds = (count: number) => Array.from({ length: count }, (_, at) => numbered(1_001 + at).userId);
const hundred = userIds(100);
const withDuplicates = [...userIds(60), ...userIds(40)];
/** Of Ada's organization. */
const colleague = numbered(1_008).userId;
const asAda = { as: ada.token };
const asOperator = { headers: operator };
const secret = { headers: { 'router-authorization': ROUTER_SECRET }, ...asAda };

/** What a part of a person costs: each row is asked for real, and the calls are counted where they arrive. */
const rows: [title: string, ask: (to: Subgraph) => Promise<Answer>][] = [
  ['`me { id }`, a token never seen', (to) => to.ask('{ me { id } }', secret)],
  ['`me { id }`, a known token', (to) => to.ask('{ me { id } }', secret)],
  ['`me { name email status }`', (to) => to.ask('{ me { name email status } }', secret)],
  ['`me { organization { name } }`', (to) => to.ask('{ me { organization { name } } }', secret)],
  [
    '`me { organization { name } ejentoAccount { email } }`',
    (to) => to.ask('{ me { organization { name } ejentoAccount { email } } }', secret),
  ],
  ['`me { billing { isPaying } }`', (to) => to.ask('{ me { billing { isPaying } } }', secret)],
  [
    '`me { billing { activePlan { name } } }`',
    (to) => to.ask('{ me { billing { activePlan { name } } } }', secret),
  ],
  [
    '`me { billing { isPaying } }`, a token that Bird was not asked about for five seconds',
    (to) => {
      to.later(5_001);
      return to.ask('{ me { billing { isPaying } } }', secret);
    },
  ],
  ['`me` with a field of each provider', (to) => to.ask(`{ me { ${ONE_OF_EACH} } }`, secret)],
  ['`me` with every field there is', (to) => to.ask(`{ me { ${EVERYTHING} } }`, secret)],
  [
    'the same twice in one operation',
    (to) => to.ask(`{ me { ${EVERYTHING} } again: me { ${EVERYTHING} } }`, secret),
  ],
  [
    'who made the organization of somebody else, for a member who belongs to it',
    (to) => to.entities([colleague], 'organization { name createdBy }', secret),
  ],
  ['the ids of 100 other people', (to) => to.entities(hundred, 'id', secret)],
  ['the names and pictures of 100 other people', (to) => to.entities(hundred, 'name avatarUrl', secret)],
  ['the organizations of 100 people', (to) => to.entities(hundred, 'organization { name }', secret)],
  [
    'the organizations of 100 references, 40 of them duplicates',
    (to) => to.entities(withDuplicates, 'organization { name }', secret),
  ],
  [
    'the billing of 100 people, by an operator, each with a key of their own',
    (to) => to.entities(hundred, 'billing { isPaying }', asOperator),
  ],
  [
    'everything but sessions of 100 people, by an operator',
    (to) => to.entities(hundred, everything(User, ['sessions']), asOperator),
  ],
  [
    'the billing of somebody without a key of their own, first: each hundred of the team before them, 10 at once',
    (to) => to.entities([LAST_OF_TEAM], 'billing { isPaying }', asOperator),
  ],
  [
    'the same again: the page that they are on',
    (to) => to.entities([LAST_OF_TEAM], 'billing { isPaying }', asOperator),
  ],
  [
    'the billing of somebody whom the team does not have, within a minute of its search',
    (to) => to.entities([NOT_IN_TEAM], 'billing { isPaying }', asOperator),
  ],
  [
    '`updateMe { user { name email } }`',
    (to) =>
      to.ask(
        'mutation { updateMe(input: { name: "Ada King" }) { ... on UpdateMeSuccess { user { name email } } } }',
        secret,
      ),
  ],
  ['`deleteMe`', (to) => to.ask('mutation { deleteMe { __typename } }', secret)],
];

const LAST_OF_TEAM = numbered(100_697).userId;
const NOT_IN_TEAM = numbered(1_101).userId;

/** A team of eight pages, its last without a key of their own; and somebody linked who is in no team. */
async function makeTeam({ people, links }: Subgraph): Promise<void> {
  const last = people.generate(697).at(-1);
  const withoutKey = [
    [LAST_OF_TEAM, last?.insighto.id],
    [NOT_IN_TEAM, 'nobody'],
  ].map(([userId, externalId]) => JSON.stringify({ userId, provider: 'insighto', externalId, secret: null }));
  await links.import(withoutKey.map((line) => `${line}\n`));
}

describe('the calls of an operation', () => {
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await startSubgraph({ ROUTER_SECRET });
    await makeTeam(subgraph);
  });
  afterAll(() => subgraph.stop());

  it('are as few as docs/calls.md says', async () => {
    const lines: string[] = [];
    for (const [title, ask] of rows) {
      await subgraph.reset();
      const { errors } = await ask(subgraph);
      expect(errors).toEqual([]);
      const counts = providerNames.map((name) => subgraph[name].received);
      const total = counts.reduce((sum, count) => sum + count);
      lines.push(`| ${[title, ...counts, total].join(' | ')} |`);
    }
    const names = providerNames.map((name) => name.charAt(0).toUpperCase() + name.slice(1));
    await expect(`# REST calls of an operation

Counted at the providers while the operations were run; \`npm test\` fails when this page is wrong, and
\`npx vitest run test/calls.test.ts --update\` writes it anew. The token is a known one unless it says otherwise: one
never seen costs a call to Bird, which also serves every field of Bird's; one that Bird was not asked about in the last
five seconds costs it for what is private, at the same time as the other calls.

| ${['asked for', ...names, 'all'].join(' | ')} |
|---|${'---:|'.repeat(names.length + 1)}
${lines.join('\n')}
`).toMatchFileSnapshot('../docs/calls.md');
  });
});
