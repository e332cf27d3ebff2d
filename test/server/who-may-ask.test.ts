import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { openFrontDoor } from './front-door.ts';

const secrets = ['the-current-secret', 'the-next-secret'];
const json = { 'content-type': 'application/json' };
const ask = { method: 'POST', headers: json, body: '{"query":"{ tree { id } }"}' };

describe('without the secret of the router', () => {
  test.each([
    ['an operation', '/graphql', ask],
    ['the SDL', '/graphql', { ...ask, body: '{"query":"{ _service { sdl } }"}' }],
    ['an explorer', '/', {}],
    ['the metrics', '/metrics', {}],
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
