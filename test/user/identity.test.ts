import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ada, grace, numbered } from '../simulators/index.ts';
import { startSubgraph, type Subgraph } from '../support/subgraph.ts';

let subgraph: Subgraph;
beforeEach(async () => {
  subgraph = await startSubgraph();
});
afterEach(() => subgraph.stop());

const asAda = { as: ada.token };
const codes = (errors: { extensions: Record<string, unknown> }[]) =>
  errors.map(({ extensions }) => extensions['code']);

/** Ada's token is known, and a while has passed; then she logs out. */
async function known(ms: number) {
  await subgraph.ask('{ me { id } }', asAda);
  subgraph.later(ms);
}

describe('a token that Bird does not take any more', () => {
  it('opens nothing private once it has not been looked up for five seconds', async () => {
    await known(5_001);
    subgraph.bird.isUnauthorized();
    const { data, errors } = await subgraph.ask(
      '{ me { id billing { isPaying } insightoAccount { email } atomsAccount { email } ejentoAccount { email } } }',
      asAda,
    );
    expect(data.me).toEqual({
      id: ada.userId,
      billing: null,
      insightoAccount: null,
      atomsAccount: null,
      ejentoAccount: null,
    });
    expect(new Set(codes(errors))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(errors).toHaveLength(4);
  });

  it('opens nothing at all from then on', async () => {
    await known(5_001);
    subgraph.bird.isUnauthorized();
    await subgraph.ask('{ me { billing { isPaying } } }', asAda);
    expect(codes((await subgraph.ask('{ me { id } }', asAda)).errors)).toEqual(['UNAUTHENTICATED']);
  });
});

describe('whose a token is', () => {
  it('is not asked again within five seconds', async () => {
    await known(5_000);
    await subgraph.ask('{ me { billing { isPaying } } }', asAda);
    expect(subgraph.bird.received).toBe(1);
  });

  it('is asked once for all that is private, and is good for five seconds more', async () => {
    await known(5_001);
    const query = '{ me { name email billing { isPaying } atomsAccount { email } } }';
    expect((await subgraph.ask(query, asAda)).errors).toEqual([]);
    expect(subgraph.bird.received).toBe(2);
    subgraph.later(5_000);
    await subgraph.ask('{ me { billing { isPaying } } }', asAda);
    expect(subgraph.bird.received).toBe(2);
  });

  it('is known anew from whatever Bird was asked for', async () => {
    await known(5_001);
    await subgraph.ask('{ me { name } }', asAda);
    await subgraph.ask('mutation { updateMe(input: { name: "Ada King" }) { __typename } }', asAda);
    subgraph.later(4_000);
    await subgraph.ask('{ me { billing { isPaying } } }', asAda);
    expect(subgraph.bird.lines()).toEqual(['GET /me', 'GET /me', 'PATCH /me']);
  });

  it('is asked while the others are, whose answer is held back until it is known', async () => {
    await known(5_001);
    subgraph.bird.isSlow(100);
    const asked = subgraph.ask('{ me { billing { isPaying } } }', asAda);
    await subgraph.insighto.until(() => subgraph.insighto.received === 1);
    const { data, errors } = await asked;
    expect([data.me.billing.isPaying, errors]).toEqual([expect.any(Boolean), []]);
  });

  it('is not asked for what members see', async () => {
    await known(5_001);
    await subgraph.ask('{ me { id organization { name } } }', asAda);
    await subgraph.entities([grace.userId], 'organization { name }', asAda);
    expect(subgraph.bird.received).toBe(1);
  });

  it('is as it was while Bird is down: an outage ends nobody’s login', async () => {
    await known(5_001);
    await subgraph.bird.isDown();
    const { data, errors } = await subgraph.ask('{ me { billing { isPaying } } }', asAda);
    expect([data.me.billing.isPaying, errors]).toEqual([expect.any(Boolean), []]);
    subgraph.later(25_000);
    expect(codes((await subgraph.ask('{ me { id } }', asAda)).errors)).toEqual(['PROVIDER_UNAVAILABLE']);
  });

  it('is not believed any more when Bird names somebody else', async () => {
    await known(5_001);
    subgraph.bird.answersAnotherPerson();
    const { data, errors } = await subgraph.ask('{ me { billing { isPaying } } }', asAda);
    expect(data.me.billing).toBeNull();
    expect(codes(errors)).toEqual(['PROVIDER_INVALID_RESPONSE']);
  });
});

it.each(['banned', 'deleted'])('somebody whom Bird calls %s is no member', async (status) => {
  const user = subgraph.bird.user(ada);
  subgraph.bird.answers(200, { path: /^\/me$/, body: { ...user, status } });
  const { data, errors } = await subgraph.entities([grace.userId], 'name organization { name }', asAda);
  expect(data._entities).toEqual([{ name: null, organization: null }]);
  expect(codes(errors)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  const own = await subgraph.ask('{ me { status organization { name } } }', asAda);
  expect([own.data.me.status, own.errors]).toEqual([status.toUpperCase(), []]);
});

describe('a reference by an Ejento id', () => {
  const by = (ejentoUserId: string) => ({ __typename: 'User', ejentoUserId });
  const ask = (selection: string, as?: string) =>
    subgraph.ask(
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${selection} } } }`,
      { ...(as !== undefined && { as }), variables: { of: [by('147'), by('999999')] } },
    );

  it.each([
    ['nobody who is logged in', undefined, 'UNAUTHENTICATED'],
    ['a token that Bird does not take', 'expired', 'UNAUTHENTICATED'],
    ['somebody who is no member', numbered(1001).token, 'FORBIDDEN'],
  ])('tells %s nothing but the key that was sent', async (_who, as, code) => {
    await subgraph.links.removeAll(numbered(1001).userId);
    const key = await ask('__typename ejentoUserId', as);
    expect(key.errors).toEqual([]);
    // Alike, whether there is such a person or not.
    expect(key.data._entities).toEqual([by('147'), by('999999')]);

    const id = await ask('ejentoUserId id', as);
    expect(id.data._entities).toEqual([null, null]);
    expect(codes(id.errors)).toEqual([code, code]);
    expect(id.text).not.toContain(ada.userId);

    const rest = await ask('name organization { name } billing { isPaying }', as);
    const none = { name: null, organization: null, billing: null };
    expect(rest.data._entities).toEqual([none, none]);
    expect(codes(rest.errors)).toEqual(Array.from({ length: 6 }, () => code));
  });

  it('tells a member who it is, and that there is nobody', async () => {
    const { data, errors } = await ask('id ejentoUserId', grace.token);
    expect([data._entities, errors]).toEqual([[{ id: ada.userId, ejentoUserId: '147' }, null], []]);
  });
});
