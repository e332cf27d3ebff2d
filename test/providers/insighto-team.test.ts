import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TeamIndex } from '../../src/providers/insighto/team.ts';
import type { InsightoUser } from '../../src/providers/insighto/wire.ts';
import { grace, numbered } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

/** A link to an Insighto account of which no key is known. */
const withoutKey = ({ userId, insighto }: { userId: string; insighto: { id: string } }) =>
  `${JSON.stringify({ userId, provider: 'insighto', externalId: insighto.id, secret: null })}\n`;

// A new one each time: what page somebody is on is remembered as long as it runs.
let subgraph: Subgraph;
beforeEach(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
});
afterEach(() => subgraph.stop());

describe("Insighto's team", () => {
  it("finds people without a key on later pages of the team's list, and stops when all are found", async () => {
    const last = subgraph.people.generate(150).at(-1)!;
    await subgraph.links.import([withoutKey(grace), withoutKey(last)]);
    const { data, errors } = await subgraph.entities([grace.userId, last.userId], 'insightoAccount { id }', {
      headers: operator,
    });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([
      { insightoAccount: { id: grace.insighto.id } },
      { insightoAccount: { id: last.insighto.id } },
    ]);
    const { INSIGHTO_API_KEY } = subgraph.settings();
    expect(subgraph.insighto.lines()).toEqual(
      [1, 2, 3].map(
        (number) => `GET /api/v1/user/get_agent_list/?page=${number}&size=100&api_key=${INSIGHTO_API_KEY}`,
      ),
    );
  });

  it('has no answer for somebody who may be on a page that cannot be read', async () => {
    const somebody = { userId: numbered(1051).userId, insighto: { id: 'somebody' } };
    await subgraph.links.import([withoutKey(somebody), withoutKey(grace)]);
    const user = {
      id: grace.insighto.id,
      first_name: 'Grace',
      last_name: 'Hopper',
      email: 'grace@example.com',
    };
    const asked = () =>
      subgraph.entities([somebody.userId, grace.userId], 'insightoAccount { firstName }', {
        headers: operator,
      });
    const lost = [{ insightoAccount: null }, { insightoAccount: { firstName: 'Grace' } }];
    const unknown = [
      {
        path: ['_entities', 0, 'insightoAccount'],
        extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'insighto' },
      },
    ];

    subgraph.insighto.answers(200, { body: { data: { items: [{ id: 7.5 }, user], pages: 1 } } });
    const unread = await asked();
    expect([unread.data._entities, unread.errors]).toMatchObject([lost, unknown]);
  });

  it('is not searched to its end at once for somebody who is behind the last page that is read', async () => {
    const somebody = { userId: numbered(1051).userId, insighto: { id: 'somebody' } };
    await subgraph.links.import([withoutKey(somebody), withoutKey(grace)]);
    const user = {
      id: grace.insighto.id,
      first_name: 'Grace',
      last_name: 'Hopper',
      email: 'grace@example.com',
    };
    const asked = () =>
      subgraph.entities([somebody.userId, grace.userId], 'insightoAccount { firstName }', {
        headers: operator,
      });
    const lost = [{ insightoAccount: null }, { insightoAccount: { firstName: 'Grace' } }];
    subgraph.insighto.answers(200, { body: { data: { items: [user], pages: 51 } } });
    const behind = await asked();
    const later = {
      code: 'PROVIDER_RATE_LIMITED',
      provider: 'insighto',
      retryable: true,
      retryAfterSeconds: 1,
    };
    expect([behind.data._entities, behind.errors]).toMatchObject([lost, [{ extensions: later }]]);
    expect(subgraph.insighto.requests).toHaveLength(10);
  });

  it('goes on behind a full page when it is not told how many there are, and to the end of a page that is not', async () => {
    const stranger = { userId: numbered(1050).userId, insighto: { id: 'nobody' } };
    await subgraph.links.import([withoutKey(grace), withoutKey(stranger)]);
    const full = Array.from({ length: 100 }, (_, at) => ({ id: `other-${at}` }));
    const last = [{ id: grace.insighto.id, first_name: 'Grace' }];
    subgraph.insighto.answers(200, { body: { data: { items: full } }, times: 1 });
    subgraph.insighto.answers(200, { body: { data: { items: last } } });
    const { data, errors } = await subgraph.entities(
      [grace.userId, stranger.userId],
      'insightoAccount { firstName }',
      { headers: operator },
    );
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([{ insightoAccount: { firstName: 'Grace' } }, { insightoAccount: null }]);
    expect(subgraph.insighto.requests).toHaveLength(2);
  });

  it('shows those who were on the first page when the next cannot be had', async () => {
    const behind = { userId: numbered(1050).userId, insighto: { id: 'behind' } };
    await subgraph.links.import([withoutKey(grace), withoutKey(behind)]);
    const items = [{ id: grace.insighto.id, first_name: 'Grace' }];
    subgraph.insighto.answers(200, { body: { data: { items, pages: 2 } }, times: 1 });
    subgraph.insighto.answers(500, { body: {} });
    const { data, errors } = await subgraph.entities(
      [behind.userId, grace.userId],
      'insightoAccount { firstName }',
      { headers: operator },
    );
    expect(data._entities).toEqual([{ insightoAccount: null }, { insightoAccount: { firstName: 'Grace' } }]);
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'insightoAccount'],
        extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'insighto' },
      },
    ]);
  });

  it('answers null for somebody whom the team does not have', async () => {
    const stranger = { userId: numbered(1050).userId, insighto: { id: 'nobody' } };
    await subgraph.links.import([withoutKey(stranger)]);
    const { data, errors } = await subgraph.entities([stranger.userId], 'billing { isPaying }', {
      headers: operator,
    });
    expect([data._entities, errors]).toEqual([[{ billing: null }], []]);
  });

  it('is searched once, though it has thousands: later the page is read that somebody is on, and none for nobody', async () => {
    const people = subgraph.people.generate(4_700);
    const last = people.at(-1)!;
    const stranger = { userId: numbered(1050).userId, insighto: { id: 'nobody' } };
    await subgraph.links.import([withoutKey(last), withoutKey(stranger)]);
    const billingOf = async ({ userId }: { userId: string }) => {
      const before = subgraph.insighto.requests.length;
      const { data, errors } = await subgraph.entities([userId], 'billing { isPaying }', {
        headers: operator,
      });
      const { billing } = data._entities[0];
      return {
        billing,
        codes: errors.map(({ extensions }) => extensions['code']),
        calls: subgraph.insighto.requests.length - before,
      };
    };

    const searched = { billing: null, codes: ['PROVIDER_RATE_LIMITED'], calls: 10 };
    for (let times = 0; times < 4; times++) expect(await billingOf(last)).toEqual(searched);
    const found = { billing: { isPaying: expect.any(Boolean) }, codes: [] };
    expect(await billingOf(last)).toMatchObject(found);
    expect(await billingOf(last)).toEqual({ ...found, calls: 1 });
    expect(await billingOf(stranger)).toMatchObject({ billing: null, codes: [] });
    expect(await billingOf(stranger)).toEqual({ billing: null, codes: [], calls: 0 });
  });
});

describe('the index of a team', () => {
  const user = (id: string) => ({ account: { id } }) as InsightoUser;
  const none = () => new Error('unclear');

  /** A team of one person on each page. */
  function teamOf(...ids: string[]) {
    let now = 0;
    const read: number[] = [];
    const index = new TeamIndex('insighto', () => now);
    const pages = {
      unclear: none,
      read: async (page: number) => {
        read.push(page);
        const id = ids[page - 1];
        return {
          values: { items: id === undefined ? [] : [user(id)], unreadable: 0 },
          next: page < ids.length ? page + 1 : null,
        };
      },
    };
    return {
      ids,
      pass: (ms: number) => (now += ms),
      async find(...wanted: string[]) {
        read.length = 0;
        const { values, missing } = await index.find(wanted, pages);
        return { found: [...values].map(({ account }) => account.id), missing, read: [...read] };
      },
    };
  }

  it('looks anew for somebody who has moved', async () => {
    const team = teamOf('a', 'b', 'c');
    expect(await team.find('c')).toMatchObject({ found: ['c'], read: [1, 2, 3] });
    team.ids.splice(0, 3, 'c', 'a', 'b');
    expect(await team.find('c')).toEqual({ found: ['c'], missing: undefined, read: [3, 1] });
    expect(await team.find('c')).toMatchObject({ found: ['c'], read: [1] });
  });

  it('looks anew for somebody who was not there a minute ago', async () => {
    const team = teamOf('a', 'b');
    expect(await team.find('new')).toEqual({ found: [], missing: undefined, read: [1, 2] });
    team.ids.push('new');
    team.pass(60_000);
    expect(await team.find('new')).toEqual({ found: [], missing: undefined, read: [] });
    team.pass(1);
    expect(await team.find('new')).toMatchObject({ found: ['new'], read: [1, 2, 3] });
  });

  it('begins anew where a search has rested for so long that people have moved on', async () => {
    const team = teamOf(...Array.from({ length: 20 }, (_, index) => `p${index}`));
    expect(await team.find('p15')).toMatchObject({ found: [], missing: { failure: 'rate-limited' } });
    team.pass(600_001);
    expect((await team.find('p15')).read).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await team.find('p15')).toMatchObject({ found: ['p15'], read: [11, 12, 13, 14, 15, 16] });
  });

  it('is searched by two at once as by one', async () => {
    const team = teamOf(...Array.from({ length: 12 }, (_, index) => `p${index}`));
    await Promise.all([team.find('p11'), team.find('p11'), team.find('nobody')]);
    expect(await team.find('p11')).toMatchObject({ found: ['p11'], missing: undefined });
  });

  it('reads no more pages for many people than for one', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `p${index}`);
    const team = teamOf(...ids);
    for (let times = 0; times < 3; times++) await team.find(...ids);
    const { found, missing, read } = await team.find(...ids);
    expect([found.length, read.length, missing]).toMatchObject([10, 10, { failure: 'rate-limited' }]);
  });
});
