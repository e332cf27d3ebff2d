import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ada, numbered, WITHOUT_ORGANIZATION } from '../simulators/index.ts';
import { operator, ROUTER_SECRET, startSubgraph, type Subgraph } from '../support/subgraph.ts';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ ROUTER_SECRET });
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const ejentoOf = (id: string, selection = 'organization { name } ejentoAccount { id }') =>
  subgraph.entities([id], selection, { headers: operator });

describe('Ejento', () => {
  it('is asked by id with both credentials, once for the organization and the account', async () => {
    const { errors } = await ejentoOf(ada.userId);
    expect(errors).toEqual([]);
    const { EJENTO_ACCESS_TOKEN, EJENTO_SUBSCRIPTION_KEY } = subgraph.settings();
    expect(subgraph.ejento.requests).toMatchObject([
      {
        method: 'GET',
        path: '/v2/api/user/147',
        headers: {
          authorization: `Bearer ${EJENTO_ACCESS_TOKEN}`,
          'ocp-apim-subscription-key': EJENTO_SUBSCRIPTION_KEY,
          'accept-encoding': 'identity',
        },
      },
    ]);
  });

  describe('who made and changed an organization, often an e-mail address', () => {
    const selection = 'organization { name createdBy modifiedBy }';
    const routed = { 'router-authorization': ROUTER_SECRET };
    // 1001 is of another organization than Ada, 1008 and 1020 are of the same.
    const [stranger, one, other] = [numbered(1001), numbered(1008), numbered(1020)];
    const own = { name: 'Analytical Engines', createdBy: 'System', modifiedBy: expect.stringContaining('@') };

    it.each([
      ['the person themselves', one, { as: one.token, headers: routed }],
      ['somebody of the same organization', one, { as: other.token, headers: routed }],
      ['an operator', one, { headers: operator }],
    ])('is told to %s', async (_who, of, asking) => {
      const { data, errors } = await subgraph.entities([of.userId], selection, asking);
      expect([data._entities, errors]).toEqual([[{ organization: own }], []]);
    });

    it('is told to nobody of another organization', async () => {
      const asking = { as: stranger.token, headers: routed };
      const { data, errors, text } = await subgraph.entities([one.userId], selection, asking);
      expect(data._entities).toEqual([
        { organization: { name: 'Analytical Engines', createdBy: null, modifiedBy: null } },
      ]);
      expect(errors).toMatchObject([
        { path: ['_entities', 0, 'organization', 'createdBy'], extensions: { code: 'FORBIDDEN' } },
        { path: ['_entities', 0, 'organization', 'modifiedBy'], extensions: { code: 'FORBIDDEN' } },
      ]);
      expect(text).not.toContain('@');
    });

    it('is told to nobody who belongs to no organization', async () => {
      const asking = { as: numbered(WITHOUT_ORGANIZATION).token, headers: routed };
      const { data } = await subgraph.entities([one.userId], selection, asking);
      expect(data._entities[0].organization).toMatchObject({ createdBy: null, modifiedBy: null });
    });
  });

  it.each(['Bearer', 'bearer'])(
    'takes a token that was stored together with its prefix: %s',
    async (prefix) => {
      const token = subgraph.settings()['EJENTO_ACCESS_TOKEN'];
      const prefixed = await startSubgraph({ ROUTER_SECRET, EJENTO_ACCESS_TOKEN: `${prefix} ${token}` });
      await prefixed.entities([ada.userId], 'organization { name }', { headers: operator });
      expect(prefixed.ejento.requests[0]?.headers['authorization']).toBe(`Bearer ${token}`);
      await prefixed.stop();
    },
  );

  it('keeps the digits of its times, which one answer mixes', async () => {
    const { data } = await ejentoOf(ada.userId, 'organization { createdAt } ejentoAccount { joinedAt }');
    expect(data._entities[0].organization.createdAt).toMatch(/\.\d{6}Z$/);
    expect(data._entities[0].ejentoAccount.joinedAt).toMatch(/:\d\dZ$/);
  });

  it.each([WITHOUT_ORGANIZATION, WITHOUT_ORGANIZATION + 1])(
    'answers null for somebody without an organization, whether it is null or absent: %i',
    async (number) => {
      const { data, errors } = await ejentoOf(numbered(number).userId);
      expect(errors).toEqual([]);
      expect(data._entities).toEqual([{ organization: null, ejentoAccount: { id: String(number) } }]);
    },
  );

  it("answers null, without an error, for an account that is gone: its own 404 says 'not there'", async () => {
    subgraph.ejento.notFound();
    const { data, errors } = await ejentoOf(ada.userId);
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([{ organization: null, ejentoAccount: null }]);
  });

  it('is at fault when a 404 is a web page: then it is the endpoint that is not there', async () => {
    subgraph.ejento.answers(404, {
      body: '<html>Not Found</html>',
      headers: { 'content-type': 'text/html' },
    });
    const { errors } = await ejentoOf(ada.userId, 'organization { name }');
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'ejento' } }]);
  });

  it.each([
    [{ statusCode: 404, message: 'Resource not found' }],
    [{ detail: 'Not Found' }],
    [{ error: 'Not Found' }],
    [{ message: 'Record Not Found' }],
    [{ success: true }],
    [{ success: 'false' }],
    [[]],
    [{}],
    ['""'],
    ['null'],
    [''],
  ])('is at fault when a 404 is not its own, and all would be without an organization: %j', async (body) => {
    subgraph.ejento.answers(404, { body });
    const { data, errors } = await ejentoOf(ada.userId, 'name organization { name }');
    expect(data._entities).toEqual([{ name: 'Ada Lovelace', organization: null }]);
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'ejento' } }]);
  });

  it('whose gateway has no calls left of its quota is asked too often, and its key is good', async () => {
    subgraph.ejento.quotaIsUsedUp(3 * 24 * 3_600);
    const { errors } = await ejentoOf(ada.userId, 'organization { name }');
    const extensions = { provider: 'ejento', retryable: true, retryAfterSeconds: 3_600 };
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_RATE_LIMITED', ...extensions } }]);
    expect(subgraph.ejento.requests).toHaveLength(1);
  });

  it('is believed whatever else its flag says, as long as that is not false', async () => {
    const organization = { id: 7, org_name: 'Engines' };
    subgraph.ejento.answers(200, { body: { success: 'yes', data: { id: 147, organization } } });
    const { data, errors } = await ejentoOf(ada.userId, 'organization { name }');
    expect([data._entities, errors]).toEqual([[{ organization: { name: 'Engines' } }], []]);
  });

  it.each(['answersSuccessFalse', 'answersNullData', 'answersAnotherPerson'] as const)(
    'that %s costs its own fields',
    async (fault) => {
      subgraph.ejento[fault]();
      const { data, errors } = await ejentoOf(ada.userId, 'name organization { name }');
      expect(data._entities).toEqual([{ name: 'Ada Lovelace', organization: null }]);
      expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_INVALID_RESPONSE', retryable: false } }]);
    },
  );

  it('that calls its answer a failure is believed, whatever is beside it', async () => {
    const user = { id: 147, email: ada.email, organization: { id: 1, org_name: 'Analytical Engines' } };
    subgraph.ejento.answers(200, { body: { success: false, message: 'Partial failure', data: user } });
    const { data, errors } = await ejentoOf(ada.userId, 'name organization { name }');
    expect(data._entities).toEqual([{ name: 'Ada Lovelace', organization: null }]);
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_INVALID_RESPONSE', provider: 'ejento' } }]);
  });
});
