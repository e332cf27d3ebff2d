import type { GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSchema } from '../src/graphql/schema.ts';
import type { Received } from './simulators/answer.ts';
import { ada } from './simulators/index.ts';
import { everything } from './support/everything.ts';
import { startSubgraph, type Subgraph } from './support/subgraph.ts';

/** No provider promises types that hold: a field that cannot be read costs itself. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = (string | number)[];

const QUERY = `{ me { ${everything(buildSchema().getType('User') as GraphQLObjectType)} } }`;
const ENDPOINTS = [
  ['bird', /^\/me$/],
  ['bird', /^\/me\/sessions$/],
  ['ejento', /^\/v2\/api\/user\/147$/],
  ['insighto', /^\/api\/v1\/user\?/],
  ['insighto', /^\/api\/v1\/agency\/billing\//],
  ['atoms', /\/user$/],
  ['atoms', /\/user\/subscription$/],
] as const;

/** What an odd value is sent in place of the right one. */
const ODD: Json[] = [7, -1.5, 'odd', '', true, {}, [], [null], [{ odd: 7 }], 1e300];

/** Ids and envelopes: nothing is right without them. */
const STRICT = new Set(['id', '_id', 'tokenId', 'userId', 'data', 'status/envelope', 'success']);

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph();
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const ask = async () => {
  const { data, errors } = await subgraph.ask(QUERY, { as: ada.token });
  return { me: data.me as Json, errors };
};

/** What the provider answers there when all is well. */
async function wellOf(provider: (typeof ENDPOINTS)[number][0], path: RegExp): Promise<Json> {
  const request = subgraph[provider].requests.find((each) => path.test(each.path)) as Received;
  const { authorization = '', 'ocp-apim-subscription-key': key } = request.headers;
  const headers = { authorization, ...(typeof key === 'string' && { 'ocp-apim-subscription-key': key }) };
  return (await (await fetch(subgraph[provider].url + request.path, { headers })).json()) as Json;
}

/** The places of everything within a value. */
function* placesIn(value: Json, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) for (const [at, each] of value.entries()) yield* placesIn(each, [...path, at]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) yield* placesIn(each, [...path, key]);
}

function withOdd(value: Json, [key, ...rest]: Path, odd: Json): Json {
  if (key === undefined) return odd;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, Json>;
  copy[key] = withOdd(copy[key] as Json, rest, odd);
  return copy;
}

function valueAt(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((within, key) => (within as Record<string, Json>)?.[key], value);
}

/** Where two answers differ, as far down as both go. */
function* differences(a: Json, b: Json, path: Path = []): Generator<{ path: Path; a: Json; b: Json }> {
  const keys = (value: Json) => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
  const isComparable = Array.isArray(a) === Array.isArray(b) && keys(a).join() === keys(b).join();
  if (isComparable && keys(a).length > 0) {
    for (const key of keys(a))
      yield* differences((a as never)[key], (b as never)[key], [
        ...path,
        Array.isArray(a) ? Number(key) : key,
      ]);
  } else if (JSON.stringify(a) !== JSON.stringify(b)) yield { path, a, b };
}

describe.each(ENDPOINTS)('an odd value anywhere in an answer of %s to %s', (provider, path) => {
  it('costs itself: it is null with an error there, everything else is as it was', async () => {
    const well = await ask();
    expect(well.errors).toEqual([]);
    const answer = await wellOf(provider, path);
    const places = [...placesIn(answer)].filter((place) => {
      const key = String(place.at(-1));
      const isEnvelope = place.length === 1 && key === 'status' && provider === 'atoms';
      return !STRICT.has(isEnvelope ? 'status/envelope' : key);
    });
    expect(places.length).toBeGreaterThan(5);

    for (const place of places) {
      for (const odd of ODD) {
        await subgraph[provider].recovers();
        subgraph[provider].answers(200, { path, body: withOdd(answer, place, odd) });
        const { me, errors } = await ask();
        const here = `${place.join('.')} is ${JSON.stringify(odd)}`;
        const changes = [...differences(well.me, me)];
        // A status is shown in two ways, and so are credits; a plan is asked for by its id.
        expect(changes.length, here).toBeLessThanOrEqual(2);
        for (const { path: at, b } of changes) {
          const error = errors.find((each) => each.path?.join() === ['me', ...at].join());
          // A list is without the elements that cannot be read.
          if (b === null && error) continue;
          expect(error, here).toBeUndefined();
        }
        for (const error of errors) {
          expect(error.extensions, here).toEqual({
            code: 'PROVIDER_INVALID_RESPONSE',
            provider,
            retryable: false,
          });
          expect(valueAt({ me }, error.path ?? []), here).toBeNull();
        }
      }
    }
  }, 60_000);
});

describe('a field that cannot be read', () => {
  const asked = async (selection: string) => {
    const { data, errors } = await subgraph.ask(`{ me { ${selection} } }`, { as: ada.token });
    return { me: data.me, paths: errors.map((error) => error.path?.join('.')) };
  };
  const linesOf = (msg: string) =>
    subgraph.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line['msg'] === msg)
      .map(({ provider, path, expected }) => ({ provider, path, expected }));

  it('keeps nobody from logging in, and is told of by its path', async () => {
    const fresh = await startSubgraph({ IDENTITY_CACHE_SECONDS: '0' });
    fresh.bird.answers(200, {
      path: /^\/me$/,
      body: {
        id: ada.userId,
        name: 'Ada',
        phoneNumber: 442079460123,
        identities: [{ provider: 'google' }, { id: 'i-2', provider: 'github' }],
        badges: [{ name: 'cx' }, 'messagebird:cx'],
        activeSessions: 'several',
        emails: 'ada@example.com',
      },
    });
    const { data, errors } = await fresh.ask(
      '{ me { id name phoneNumber identities { id provider } badges activeSessions emails { id } organization { name } } }',
      { as: ada.token },
    );
    expect(data.me).toEqual({
      id: ada.userId,
      name: 'Ada',
      phoneNumber: null,
      identities: [{ id: 'i-2', provider: 'github' }],
      badges: ['messagebird:cx'],
      activeSessions: null,
      emails: null,
      organization: { name: 'Analytical Engines' },
    });
    const extensions = { code: 'PROVIDER_INVALID_RESPONSE', provider: 'bird', retryable: false };
    const message = 'Bird gave a value that cannot be read.';
    expect(errors).toMatchObject(
      ['phoneNumber', 'activeSessions', 'emails'].map((field) => ({
        path: ['me', field],
        message,
        extensions,
      })),
    );
    const told = fresh.log.filter((line) => line.includes('cannot be read'));
    expect(told.map((line) => (JSON.parse(line) as { path: string }).path).toSorted()).toEqual([
      'activeSessions',
      'badges.0',
      'emails',
      'identities.0.id',
      'phoneNumber',
    ]);
    expect(told.join()).not.toMatch(/442079460123|several|google/);
    await fresh.stop();
  });

  it('of Ejento costs neither the account nor the organization', async () => {
    const organization = { id: 1, org_name: 'Engines', modified_by: { name: 'System' }, created_on: 'once' };
    const data = { id: 147, email: ada.email, is_staff: 1, is_active: true, organization };
    subgraph.ejento.answers(200, { body: { success: true, message: '', data } });
    subgraph.log.length = 0;
    expect(
      await asked('ejentoAccount { email isStaff isActive } organization { name modifiedBy createdAt }'),
    ).toEqual({
      me: {
        ejentoAccount: { email: ada.email, isStaff: null, isActive: true },
        organization: { name: 'Engines', modifiedBy: null, createdAt: null },
      },
      paths: expect.arrayContaining([
        'me.ejentoAccount.isStaff',
        'me.organization.modifiedBy',
        'me.organization.createdAt',
      ]),
    });
    expect(linesOf('Part of an answer cannot be read.')).toEqual([
      { provider: 'ejento', path: 'data.is_staff', expected: 'true or false' },
      { provider: 'ejento', path: 'data.organization.created_on', expected: 'a time' },
      { provider: 'ejento', path: 'data.organization.modified_by', expected: 'text' },
    ]);
  });

  it('that is an organization costs the organization', async () => {
    const data = { id: 147, email: ada.email, organization: { org_name: 'Engines' } };
    subgraph.ejento.answers(200, { body: { success: true, message: '', data } });
    expect(await asked('ejentoAccount { email } organization { name }')).toEqual({
      me: { ejentoAccount: { email: ada.email }, organization: null },
      paths: ['me.organization'],
    });
  });

  it('of Insighto costs neither the account nor the billing, and a number may come as text', async () => {
    const data = {
      id: ada.insighto.id,
      email: ada.email,
      phone: 442079460123,
      follower_count: '12',
      following_count: 'many',
      is_paying: true,
      active_billing_plan_id: { id: 'pro' },
    };
    subgraph.insighto.answers(200, { body: { data } });
    expect(
      await asked(
        'insightoAccount { email phone followerCount followingCount } billing { isPaying activePlanId activePlan { name } }',
      ),
    ).toEqual({
      me: {
        insightoAccount: { email: ada.email, phone: null, followerCount: 12, followingCount: null },
        billing: { isPaying: true, activePlanId: null, activePlan: null },
      },
      paths: expect.arrayContaining([
        'me.insightoAccount.phone',
        'me.insightoAccount.followingCount',
        'me.billing.activePlanId',
        'me.billing.activePlan',
      ]),
    });
    expect(subgraph.insighto.requests).toHaveLength(1);
  });
});
