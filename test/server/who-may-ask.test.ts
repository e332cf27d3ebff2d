import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor } from './front-door.ts';

const secrets = ['the-current-secret', 'the-next-secret'];
const json = { 'content-type': 'application/json' };
const ask = { method: 'POST', headers: json, body: '{"query":"{ tree { id } }"}' };

describe('without the secret of the router', () => {
  test.each([
    ['an operation', '/graphql', ask],
    ['the SDL', '/graphql', { ...ask, body: '{"query":"{ _service { sdl } }"}' }],
    ['an explorer', '/', {}],
    ['anything that is not there', '/nothing', {}],
    ['another method', '/graphql', { method: 'PUT' }],
  ])('%s is not answered', async (_name, path, init) => {
    const door = await openFrontDoor({ routerSecrets: secrets });
    const response = await door.fetch(path, init);
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      errors: [
        { message: expect.stringContaining('router-authorization'), extensions: { code: 'FORBIDDEN' } },
      ],
    });
    expect(door.resolved()).toBe(0);
  });

  test.each([
    '',
    'the-current-secre',
    'the-current-secret ,the-next-secret',
    'THE-CURRENT-SECRET',
    'x'.repeat(8_000),
  ])('a wrong one is as good as none: %.30s', async (sent) => {
    const door = await openFrontDoor({ routerSecrets: secrets });
    const { status } = await door.ask('{ tree { id } }', { headers: { 'router-authorization': sent } });
    expect(status).toBe(403);
  });

  test.each(['/livez', '/readyz'])('health is answered: %s', async (path) => {
    const door = await openFrontDoor({ routerSecrets: secrets });
    expect((await door.fetch(path)).status).toBe(200);
  });

  test('the answer comes before the body', async () => {
    const door = await openFrontDoor({ routerSecrets: secrets });
    const socket = await door.dial();
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n',
    );
    await once(socket, 'data');
    expect(socket.received()).toMatch(/^HTTP\/1.1 403 /);
  });
});

test.each(secrets)('each of two secrets opens while one replaces the other: %s', async (secret) => {
  const door = await openFrontDoor({ routerSecrets: secrets });
  const { status, body } = await door.ask('{ tree { id } }', { headers: { 'router-authorization': secret } });
  expect({ status, body }).toEqual({ status: 200, body: { data: { tree: { id: '1' } } } });
});

test('no other origin is ever invited', async () => {
  const door = await openFrontDoor({ production: true });
  const preflight = await door.fetch('/graphql', {
    method: 'OPTIONS',
    headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(405);
  const { headers } = await door.ask('{ tree { id } }', { headers: { origin: 'https://elsewhere.example' } });
  for (const response of [preflight.headers, headers])
    expect([...response.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'what a foreign page may send without asking is not executed: %s',
  async (type) => {
    const door = await openFrontDoor();
    const response = await door.fetch('/graphql', { ...ask, headers: { 'content-type': type } });
    expect(response.status).toBe(415);
    expect(door.resolved()).toBe(0);
  },
);

test('timings are given to nobody, unless the setting says so', async () => {
  const ftv1 = { headers: { 'apollo-federation-include-trace': 'ftv1' } };
  const closed = await openFrontDoor();
  expect((await closed.ask('{ tree { id } }', ftv1)).body).not.toHaveProperty('extensions');
  const open = await openFrontDoor({ inlineTrace: true });
  for (let time = 0; time < 3; time++)
    expect((await open.ask('{ tree { id } }', ftv1)).body).toHaveProperty('extensions.ftv1');
});

describe('the metrics', () => {
  const collector = { authorization: 'Bearer the-metrics-secret' };
  const gateway = { 'router-authorization': secrets[0] ?? '' };
  const settings = { routerSecrets: secrets, metricsSecrets: ['the-metrics-secret', 'the-next-one'] };

  test.each([
    ['theirs', collector, 200],
    ['the next of theirs', { authorization: 'Bearer the-next-one' }, 200],
    ['none', {}, 403],
    ["the router's", gateway, 403],
    ["the router's, as theirs", { authorization: `Bearer ${secrets[0]}` }, 403],
    ['one that is nearly right', { authorization: 'Bearer the-metrics-secre' }, 403],
    ['theirs in another form', { authorization: 'Basic the-metrics-secret' }, 403],
  ])('are opened by a secret of their own: %s', async (_name, headers, status) => {
    const door = await openFrontDoor(settings);
    expect((await door.fetch('/metrics', { headers })).status).toBe(status);
  });

  test('have a secret that opens nothing else', async () => {
    const door = await openFrontDoor(settings);
    const { status } = await door.ask('{ tree { id } }', { headers: collector });
    expect(status).toBe(403);
    const asRouter = { 'router-authorization': 'the-metrics-secret' };
    expect((await door.ask('{ tree { id } }', { headers: asRouter })).status).toBe(403);
    expect(door.resolved()).toBe(0);
  });

  test('without a secret are closed in production, and open where nobody else is', async () => {
    const production = await openFrontDoor({ production: true, routerSecrets: secrets });
    const refused = await production.fetch('/metrics', { headers: gateway });
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('METRICS_SECRET is not set');
    expect((await (await openFrontDoor()).fetch('/metrics')).status).toBe(200);
  });
});

describe('who is asking is said once', () => {
  /** Sends headers as they are, twice the same name among them. */
  async function send(door: FrontDoor, headers: string[]): Promise<string> {
    const socket = await door.dial();
    const body = '{"query":"{ tree { id } }"}';
    const own = ['host: x', 'content-type: application/json', `content-length: ${body.length}`];
    socket.write(`POST /graphql HTTP/1.1\r\n${[...own, ...headers].join('\r\n')}\r\n\r\n${body}`);
    await once(socket, 'data');
    return socket.received();
  }

  test.each([
    ['scopes twice', ['x-user-scopes: openid', 'x-user-scopes: users:read'], 'x-user-scopes'],
    ['scopes twice, one empty', ['x-user-scopes:', 'x-user-scopes: users:read'], 'x-user-scopes'],
    ['scopes twice, in other letters', ['X-User-Scopes: a', 'x-user-scopes: users:read'], 'x-user-scopes'],
    ['scopes with a comma', ['x-user-scopes: openid, users:read'], 'x-user-scopes'],
    ['scopes with nothing but a comma between', ['x-user-scopes: openid,users:read'], 'x-user-scopes'],
    ['a login twice', ['authorization: Bearer a', 'authorization: Bearer b'], 'authorization'],
  ])('%s is refused before anything is executed', async (_name, headers, named) => {
    const door = await openFrontDoor({ routerSecrets: secrets });
    const answer = await send(door, [`router-authorization: ${secrets[0]}`, ...headers]);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain(`The header ${named} came twice or holds a comma`);
    expect(door.resolved()).toBe(0);
  });

  test('a login of another form, with commas in it, is one', async () => {
    const door = await openFrontDoor();
    expect(await send(door, ['authorization: Digest username="a", realm="b"'])).toMatch(/^HTTP\/1.1 200 /);
  });

  test("the router's secret twice is none", async () => {
    const door = await openFrontDoor({ routerSecrets: secrets });
    const secret = `router-authorization: ${secrets[0]}`;
    expect(await send(door, [secret, secret])).toMatch(/^HTTP\/1.1 403 /);
  });
});
