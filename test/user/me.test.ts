import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSubgraph, type Subgraph } from '../support/subgraph.ts';

const ADA = '00000000-0000-4000-8000-000000000ada';

let subgraph: Subgraph;
beforeAll(async () => {
  subgraph = await startSubgraph({ IDENTITY_CACHE_SECONDS: '0' });
});
afterAll(() => subgraph.stop());
beforeEach(() => subgraph.reset());

const calls = () => ({
  bird: subgraph.bird.requests.map(({ method, path }) => `${method} ${path}`),
  ejento: subgraph.ejento.requests.map(({ method, path }) => `${method} ${path}`),
  insighto: subgraph.insighto.requests.map(({ method, path }) => `${method} ${path}`),
  atoms: subgraph.atoms.requests.map(({ method, path }) => `${method} ${path}`),
});
const none = { bird: [], ejento: [], insighto: [], atoms: [] };

describe('me', () => {
  it('is one person, merged from four providers', async () => {
    const { status, data, errors } = await subgraph.ask(
      `{ me { id name organization { name } billing { subscriptionStatus } atomsAccount { email } } }`,
      { as: 'demo-ada' },
    );
    expect(errors).toEqual([]);
    expect(status).toBe(200);
    expect(data.me).toEqual({
      id: ADA,
      name: 'Ada Lovelace',
      organization: { name: expect.any(String) },
      billing: { subscriptionStatus: 'ACTIVE' },
      atomsAccount: { email: expect.stringContaining('@') },
    });
  });

  it('asks for each resource that it needs once, however many fields it has', async () => {
    const { errors } = await subgraph.ask(
      `{
        me { ...all }
        again: me { ...all }
        user(id: "${ADA}") { ...all }
      }
      fragment all on User {
        id name bio avatarUrl locale timezone status email phoneNumber badges activeSessions createdAt updatedAt
        emails { id } phoneNumbers { id } identities { id } sessions { id }
        organization { id } ejentoAccount { id }
        billing { isPaying activePlan { id } } insightoAccount { id }
        atomsAccount { id subscription { id } }
      }`,
      { as: 'demo-ada' },
    );
    expect(errors).toEqual([]);
    const links = [...subgraph.people.links()].filter(({ userId }) => userId === ADA);
    const ada = Object.fromEntries(links.map((link) => [link.provider, link]));
    expect(calls()).toEqual({
      bird: ['GET /me', 'GET /me/sessions'],
      ejento: [`GET /v2/api/user/${ada['ejento']?.externalId}`],
      insighto: [
        `GET /api/v1/user?api_key=${ada['insighto']?.secret}`,
        expect.stringMatching(/^GET \/api\/v1\/agency\/billing\/[\w-]+\?api_key=in-/),
      ],
      atoms: ['GET /atoms/v1/user', 'GET /atoms/v1/user/subscription'],
    });
  });

  it('makes no call for what is not asked', async () => {
    await subgraph.ask(`{ me { organization { name } } }`, { as: 'demo-ada' });
    expect(calls()).toEqual({ ...none, bird: ['GET /me'], ejento: [expect.any(String)] });
  });

  it('shows each provider its own credentials and nothing else', async () => {
    await subgraph.ask(`{ me { name organization { name } billing { isPaying } atomsAccount { id } } }`, {
      as: 'demo-ada',
      headers: { cookie: 'session=1', 'x-request-id': 'req-1', 'x-custom': 'no' },
    });
    const names = (headers: object) =>
      Object.keys(headers)
        .filter((name) => !['host', 'connection', 'traceparent'].includes(name))
        .toSorted();
    const [bird] = subgraph.bird.requests;
    const [ejento] = subgraph.ejento.requests;
    const [insighto] = subgraph.insighto.requests;
    const [atoms] = subgraph.atoms.requests;
    const common = ['accept', 'accept-encoding', 'x-request-id'];
    expect(names(bird!.headers)).toEqual(['accept', 'accept-encoding', 'authorization', 'x-request-id']);
    expect(bird!.headers).toMatchObject({ authorization: 'Bearer demo-ada', 'x-request-id': 'req-1' });
    expect(names(ejento!.headers)).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'ocp-apim-subscription-key',
      'x-request-id',
    ]);
    const settings = subgraph.settings();
    expect(ejento!.headers).toMatchObject({
      authorization: `Bearer ${settings['EJENTO_ACCESS_TOKEN']}`,
      'ocp-apim-subscription-key': settings['EJENTO_SUBSCRIPTION_KEY'],
    });
    expect(names(insighto!.headers)).toEqual(common);
    expect(names(atoms!.headers)).toEqual([...common, 'authorization'].toSorted());
    expect(atoms!.headers['authorization']).toMatch(/^Bearer sk_/);
  });

  it('is null and UNAUTHENTICATED without a token, and no provider is asked', async () => {
    const { data, errors } = await subgraph.ask(`{ me { id name } }`);
    expect(data).toEqual({ me: null });
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(calls()).toEqual(none);
  });

  it('is null and UNAUTHENTICATED with a token that Bird rejects', async () => {
    const { data, errors } = await subgraph.ask(`{ me { id name billing { isPaying } } }`, { as: 'stolen' });
    expect(data).toEqual({ me: null });
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(calls()).toEqual({ ...none, bird: ['GET /me'] });
  });

  it('is PROVIDER_UNAVAILABLE, never UNAUTHENTICATED, while Bird is down', async () => {
    await subgraph.bird.isDown();
    const { data, errors } = await subgraph.ask(`{ me { id } }`, { as: 'demo-ada' });
    await subgraph.bird.isUp();
    expect(data).toEqual({ me: null });
    expect(errors).toMatchObject([{ extensions: { code: 'PROVIDER_UNAVAILABLE', provider: 'bird' } }]);
  });

  it('leaves out what the person has no account for, without an error', async () => {
    const { data, errors } = await subgraph.ask(`{ me { name atomsAccount { id } organization { id } } }`, {
      as: 'demo-linus',
    });
    expect(errors).toEqual([]);
    expect(data.me).toMatchObject({ atomsAccount: null, organization: { id: expect.any(String) } });
    expect(calls().atoms).toEqual([]);
  });

  it('reads what a person has left empty as null', async () => {
    const { data } = await subgraph.ask(`{ me { bio phoneNumber avatarUrl } }`, { as: 'demo-linus' });
    expect(data.me).toEqual({ bio: null, phoneNumber: null, avatarUrl: null });
  });
});

describe('a token that has been seen', () => {
  it('costs no call to Bird where only others are asked', async () => {
    const remembering = await startSubgraph();
    await remembering.ask(`{ me { id } }`, { as: 'demo-ada' });
    await remembering.ask(`{ me { organization { name } } }`, { as: 'demo-ada' });
    expect(remembering.bird.requests.length).toBe(1);
    await remembering.stop();
  });

  it('is asked about anew once Bird has rejected it', async () => {
    const remembering = await startSubgraph();
    await remembering.ask(`{ me { id } }`, { as: 'demo-ada' });
    remembering.bird.isUnauthorized();
    const { data, errors } = await remembering.ask(`{ me { id name } }`, { as: 'demo-ada' });
    expect(data.me).toEqual({ id: ADA, name: null });
    expect(errors).toMatchObject([{ path: ['me', 'name'], extensions: { code: 'UNAUTHENTICATED' } }]);
    const later = await remembering.ask(`{ me { id } }`, { as: 'demo-ada' });
    expect(later.data.me).toBeNull();
    await remembering.stop();
  });
});

describe('a provider that is not configured', () => {
  it('costs its own fields, with PROVIDER_NOT_CONFIGURED', async () => {
    const small = await startSubgraph({
      EJENTO_BASE_URL: '',
      EJENTO_SUBSCRIPTION_KEY: '',
      EJENTO_ACCESS_TOKEN: '',
    });
    const { data, errors } = await small.ask(`{ me { name organization { name } } }`, { as: 'demo-ada' });
    expect(data.me).toEqual({ name: 'Ada Lovelace', organization: null });
    expect(errors).toMatchObject([
      {
        path: ['me', 'organization'],
        extensions: { code: 'PROVIDER_NOT_CONFIGURED', provider: 'ejento', retryable: false },
      },
    ]);
    await small.stop();
  });
});
