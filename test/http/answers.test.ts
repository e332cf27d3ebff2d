import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { OutgoingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fields, listOf } from '../../src/http/decode.ts';
import { UpstreamError } from '../../src/http/upstream-error.ts';
import { failureOf, get, hold, json, open, operation, serve } from './rig.ts';

const MEBIBYTE = 1024 * 1024;

/** A provider that always answers this. */
async function answering(status: number, headers: OutgoingHttpHeaders, body: string | Buffer = '') {
  const server = await serve((_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  });
  return open(server.url, { retries: 0 });
}

const isJson = { 'content-type': 'application/json' };

describe('an answer is taken', () => {
  it.each([
    ['with a byte order mark', {}, '\ufeff{"a":1}'],
    ['that says it is not encoded, in whatever case', { 'content-encoding': 'Identity' }, '{"a":1}'],
  ])('%s', async (_how, headers, body) => {
    const upstream = await answering(200, { ...isJson, ...headers }, body);
    expect(await upstream.send(get('/me'), operation().scope)).toEqual({ a: 1 });
  });
});

describe('a request', () => {
  it.each(['/v1', '/v1/', '/v1//'])('has one slash between a base URL and its path: %s', async (base) => {
    const { url } = await serve((request, response) => json(response, request.url));
    expect(await open(url + base).send(get('/me'), operation().scope)).toBe('/v1/me');
  });

  it('goes to the base URL’s path, with the headers of the call and of the operation', async () => {
    const server = await serve(({ method, url, headers }, response) =>
      json(response, { method, url, headers }),
    );
    const { scope, calls } = operation({ 'x-request-id': 'r-1', traceparent: '00-a-b-01' });
    const answer = await open(`${server.url}/atoms/v1/`).send(get('/user?page=1'), scope);
    expect(answer).toEqual({
      method: 'GET',
      url: '/atoms/v1/user?page=1',
      headers: {
        host: server.url.slice('http://'.length),
        connection: 'keep-alive',
        accept: 'application/json',
        'accept-encoding': 'identity',
        'x-request-id': 'r-1',
        traceparent: '00-a-b-01',
        authorization: 'ada',
      },
    });
    expect(calls).toEqual(['bird']);
  });

  it('carries its body as JSON', async () => {
    const server = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => json(response, { body, type: request.headers['content-type'] }));
    });
    const call = { ...get('/me'), method: 'PATCH', body: { name: 'Ada ☃' } } as const;
    const answer = await open(server.url).send(call, operation().scope);
    expect(answer).toEqual({ body: '{"name":"Ada ☃"}', type: 'application/json' });
  });

  it('is sent when all has been asked that is asked at the same time', async () => {
    const server = await serve((_request, response) => json(response, {}));
    const upstream = open(server.url);
    const order: string[] = [];
    const sending = (message: unknown) => order.push((message as { request: { path: string } }).request.path);
    subscribe('undici:request:create', sending);
    onTestFinished(() => void unsubscribe('undici:request:create', sending));
    const ask = async (path: string) => {
      const answer = upstream.send(get(path), operation().scope);
      order.push(`asked for ${path}`);
      await answer;
    };
    await Promise.all([ask('/1'), Promise.resolve().then(() => ask('/2'))]);
    expect(order).toEqual(['asked for /1', 'asked for /2', '/1', '/2']);
  });

  it('uses connections over and over', async () => {
    const server = await serve((_request, response) => json(response, {}));
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const upstream = open(server.url);
    for (let call = 0; call < 5; call += 1) await upstream.send(get(`/${call}`), operation().scope);
    expect(connections).toBe(1);
    expect(upstream.stats).toMatchObject({ calls: 5, sockets: 1, inFlight: 0, queued: 0, state: 'closed' });
    expect(upstream.stats.latency.buckets.reduce((sum, count) => sum + count)).toBe(5);
  });

  it.each(['a\nb', 'a\rb', 'a\0b', 'a\u007fb', '☃'])(
    'is not sent with a credential that HTTP cannot carry: %j',
    async (credential) => {
      let received = 0;
      const server = await serve((_request, response) => {
        received += 1;
        json(response, {});
      });
      const upstream = open(server.url, { connections: 1 });
      for (let call = 0; call < 3; call += 1) {
        const failure = await failureOf(upstream.send(get('/', credential), operation().scope));
        expect(failure).toMatchObject({ failure: 'credentials-rejected', retryable: false });
      }
      expect(received).toBe(0);
      expect(upstream.stats).toMatchObject({ calls: 0, failures: { 'credentials-rejected': 3 } });
      // undici's pool loses a connection for good to each invalid request that it is given.
      await expect(upstream.send(get('/'), operation().scope)).resolves.toEqual({});
    },
  );
});

describe('an answer', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/problem+json',
  ])('is decoded when it is called %s', async (type) => {
    const upstream = await answering(200, { 'content-type': type }, '{"a":1}');
    await expect(upstream.send(get('/'), operation().scope)).resolves.toEqual({ a: 1 });
  });

  it.each(['text/html', 'text/plain; x="application/json"', 'application/jsonp', ''])(
    'is refused when it is called %j, whatever is in it',
    async (type) => {
      const upstream = await answering(200, type ? { 'content-type': type } : {}, '{"a":1}');
      const failure = await failureOf(upstream.send(get('/'), operation().scope));
      expect(failure).toMatchObject({ failure: 'invalid-response', status: 200, retryable: false });
    },
  );

  it('is decoded by its status', async () => {
    const upstream = await answering(422, isJson, '{"a":1}');
    const call = { ...get('/'), on: { ok: () => null, 422: (body: unknown) => ['refused', body] } };
    await expect(upstream.send(call, operation().scope)).resolves.toEqual(['refused', { a: 1 }]);
  });

  it.each([202, 204])('with status %i may have no body, and no type', async (status) => {
    const upstream = await answering(status, {});
    const call = { ...get('/'), on: { ok: (body: unknown) => ['empty', body] } };
    await expect(upstream.send(call, operation().scope)).resolves.toEqual(['empty', undefined]);
  });

  it('in many pieces is put together, also within a character', async () => {
    const body = Buffer.from(JSON.stringify({ name: '☃'.repeat(50) }));
    const server = await serve((_request, response) => {
      response.writeHead(200, isJson);
      for (const byte of body) response.write(Buffer.of(byte));
      response.end();
    });
    await expect(open(server.url).send(get('/'), operation().scope)).resolves.toEqual({
      name: '☃'.repeat(50),
    });
  });

  it('may be preceded by hints', async () => {
    const server = await serve((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      json(response, { a: 1 });
    });
    await expect(open(server.url).send(get('/'), operation().scope)).resolves.toEqual({ a: 1 });
  });

  it.each([
    [400, 'invalid-response', false],
    [401, 'credentials-rejected', false],
    [403, 'credentials-rejected', false],
    [404, 'invalid-response', false],
    [409, 'invalid-response', false],
    [429, 'rate-limited', true],
    [500, 'unavailable', true],
    [502, 'unavailable', true],
    [503, 'unavailable', true],
    [504, 'unavailable', true],
    [301, 'invalid-response', false],
    [302, 'invalid-response', false],
    [303, 'invalid-response', false],
    [304, 'invalid-response', false],
    [307, 'invalid-response', false],
    [308, 'invalid-response', false],
  ])('with status %i that nobody decodes is %s', async (status, failure, retryable) => {
    const upstream = await answering(
      status,
      { ...isJson, location: 'http://elsewhere.example/' },
      status === 304 ? '' : '{}',
    );
    await expect(failureOf(upstream.send(get('/'), operation().scope))).resolves.toMatchObject({
      provider: 'bird',
      failure,
      status,
      retryable,
      outcomeUnknown: false,
    });
    expect(upstream.stats).toMatchObject({ calls: 1, failures: { [failure]: 1 } });
  });

  it.each([
    ['JSON that stops in the middle', isJson, '{"a":'],
    ['JSON that is called encoded', { ...isJson, 'content-encoding': 'gzip' }, '{"a":1}'],
    ['something encoded that nobody accepts', { ...isJson, 'content-encoding': 'gzip' }, gzipSync('{"a":1}')],
    ['more than a mebibyte', isJson, `"${'x'.repeat(MEBIBYTE)}"`],
  ])('that is %s cannot be used', async (_name, headers, body) => {
    const upstream = await answering(200, headers, body);
    const failure = await failureOf(upstream.send(get('/'), operation().scope));
    expect(failure).toMatchObject({ failure: 'invalid-response', retryable: false });
  });

  it('of a mebibyte can', async () => {
    const text = 'x'.repeat(MEBIBYTE - 2);
    const upstream = await answering(200, isJson, `"${text}"`);
    await expect(upstream.send(get('/'), operation().scope)).resolves.toBe(text);
  });

  it.each([
    ['that is not HTTP', 'invalid-response', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
    ['that stops within its head', 'unreachable', 'HTTP/1.1 200 OK\r\ncontent-ty'],
    ['that stops within its body', 'unreachable', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'],
    [
      'that stops within a chunk',
      'unreachable',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{',
    ],
    [
      'that stops within the last chunk of its connection',
      'unreachable',
      'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{',
    ],
    [
      'that begins with a `100 Continue` that nobody asked for',
      'invalid-response',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
    ],
    [
      'that wants to speak another protocol',
      'invalid-response',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n',
    ],
    [
      'that says its length twice',
      'invalid-response',
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}',
    ],
    ['whose head is endless', 'invalid-response', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(70_000)}\r\n\r\n`],
  ])('%s is %s', async (_name, failure, text) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(text));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const upstream = open(`http://127.0.0.1:${port}`, { retries: 0 });
    await expect(failureOf(upstream.send(get('/'), operation().scope))).resolves.toMatchObject({ failure });
  });

  it('is blamed on its status even when its body breaks off', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(403, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    const failure = await failureOf(open(server.url).send(get('/'), operation().scope));
    expect(failure).toMatchObject({ failure: 'credentials-rejected', status: 403 });
  });

  it('that says that somebody is not there says nothing when its body breaks off', async () => {
    const lines: object[] = [];
    const server = await serve((_request, response) => {
      response.writeHead(404, { ...isJson, 'content-length': 100 });
      response.write('{"message":', () => response.destroy());
    });
    const log = { info: () => {}, warn: (line: object) => lines.push(line) };
    const call = { ...get('/'), on: { ok: () => null, 404: () => null } };
    const failure = await failureOf(open(server.url, {}, { log }).send(call, operation().scope));
    expect(failure).toMatchObject({ failure: 'invalid-response', status: 404 });
    expect(lines).toEqual([{ provider: 'bird', status: 404, path: '', expected: 'complete' }]);
  });

  it('that a decoder refuses leaves the path and nothing else in the log', async () => {
    const lines: object[] = [];
    const server = await serve((_request, response) => json(response, { user: { id: 'a-secret' } }));
    const log = { info: () => {}, warn: (line: object) => lines.push(line) };
    const upstream = open(server.url, {}, { log });
    const id = fields((of) => of.uuid('id'));
    const call = { ...get('/'), on: { ok: fields((of) => of.required('user', id)) } };
    const failure = await failureOf(upstream.send(call, operation().scope));
    expect(failure).toMatchObject({ failure: 'invalid-response', status: 200 });
    expect(lines).toEqual([{ provider: 'bird', status: 200, path: 'user.id', expected: 'a UUID' }]);
  });

  it.each([301, 307, 400, 402, 403, 404, 409, 410, 422, 429, 451, 500, 503])(
    'with status %i that nobody decodes leaves one line with it, however many wait, and nothing of the address',
    async (status) => {
      const lines: object[] = [];
      const log = { info: () => {}, warn: (line: object) => lines.push(line) };
      const held = await hold();
      const upstream = open(held.url, { retries: 0 }, { log });
      const asked = [get('/?key=a-secret'), get('/?key=a-secret')].map((call) =>
        failureOf(upstream.send(call, operation().scope)),
      );
      const { response } = await held.nth(0);
      response.setHeader('location', 'https://elsewhere.example/?key=a-secret');
      json(response, {}, status);
      await Promise.all(asked);
      expect(lines).toEqual([{ provider: 'bird', status }]);
    },
  );

  it('that is not used because the call is repeated leaves a line too', async () => {
    const lines: object[] = [];
    const log = { info: () => {}, warn: (line: object) => lines.push(line) };
    let calls = 0;
    const server = await serve((_request, response) => json(response, {}, (calls += 1) === 1 ? 503 : 200));
    const upstream = open(server.url, {}, { log, random: () => 0 });
    await expect(upstream.send(get('/'), operation().scope)).resolves.toEqual({});
    expect(lines).toEqual([{ provider: 'bird', attempt: 1, status: 503 }]);
  });

  it('of which parts cannot be read leaves one line for each kind of them, however many wait', async () => {
    const lines: object[] = [];
    const log = { info: () => {}, warn: (line: object) => lines.push(line) };
    const held = await hold();
    const upstream = open(held.url, {}, { log });
    const person = fields((of) => ({ name: of.text('name'), at: of.time('at') }));
    const call = { ...get('/'), on: { ok: listOf(person) } };
    const asked = [upstream.send(call, operation().scope), upstream.send(call, operation().scope)];
    json((await held.nth(0)).response, [{ name: 1 }, { name: 'a-secret', at: 'a-secret' }, { name: 3 }, 7]);
    const [first, second] = await Promise.all(asked);
    expect(second).toEqual(first);
    expect(first?.[1]).toMatchObject({ name: 'a-secret', at: expect.any(UpstreamError) });
    expect(first?.[0]?.name).toMatchObject({
      failure: 'invalid-response',
      provider: 'bird',
      retryable: false,
      outcomeUnknown: false,
      message: 'Bird gave a value that cannot be read.',
    });
    expect(lines).toEqual([
      { provider: 'bird', status: 200, path: '0.name', expected: 'text' },
      { provider: 'bird', status: 200, path: '1.at', expected: 'a time' },
      { provider: 'bird', status: 200, path: '3', expected: 'an object' },
    ]);
    expect(upstream.stats.failures['invalid-response']).toBe(0);
  });
});

describe('a failure', () => {
  it('says when to come back', async () => {
    const upstream = await answering(429, { ...isJson, 'retry-after': '7' }, '{}');
    const failure = await failureOf(upstream.send(get('/'), operation().scope));
    expect(failure).toMatchObject({ failure: 'rate-limited', retryable: true, retryAfterSeconds: 7 });
  });

  it.each([
    ['299.997', 300],
    ['86400', 3_600],
    ['86400.5', 3_600],
    ['0', 0],
    ['Sat, 21 Nov 2020 08:00:02 GMT', 0],
  ])('with status 403 and `Retry-After: %s` is a quota that is used up', async (retryAfter, seconds) => {
    const upstream = await answering(403, { ...isJson, 'retry-after': retryAfter }, '{"statusCode":403}');
    const failure = await failureOf(upstream.send(get('/'), operation().scope));
    expect(failure).toMatchObject({
      failure: 'rate-limited',
      retryable: true,
      retryAfterSeconds: seconds,
      message: 'Bird is being asked too often.',
    });
  });

  it.each([
    [401, 'Bird did not accept the credentials it was given.'],
    [
      403,
      'Bird refused: the key it was given may not do this, or a limit of its plan or account is reached.',
    ],
  ])('with status %i has words that fit every cause of it', async (status, message) => {
    const upstream = await answering(status, { ...isJson, 'retry-after': 'later' }, '{}');
    const failure = await failureOf(upstream.send(get('/'), operation().scope));
    expect(failure).toMatchObject({ failure: 'credentials-rejected', retryable: false, message });
  });

  it('that says twice when to come back means the later', async () => {
    const upstream = await answering(429, { ...isJson, 'Retry-After': ['7', 'soon', '30'] }, '{}');
    const failure = await failureOf(upstream.send(get('/'), operation().scope));
    expect(failure.retryAfterSeconds).toBe(30);
  });

  it('says when to come back, by our own clock where the provider does not tell its', async () => {
    const server = await serve((_request, response) => {
      response.sendDate = false;
      response.setHeader('retry-after', 'Tue, 31 Dec 2999 23:59:59 GMT');
      json(response, {}, 429);
    });
    const failure = await failureOf(open(server.url).send(get('/'), operation().scope));
    expect(failure).toMatchObject({ failure: 'rate-limited', retryAfterSeconds: 3_600 });
  });

  it('has the words of nobody else', async () => {
    const upstream = await answering(
      500,
      { ...isJson, 'x-secret': 'header-secret' },
      '{"message":"body-secret"}',
    );
    const failure = await failureOf(
      upstream.send(get('/path-secret', 'credential-secret'), operation().scope),
    );
    expect(failure.message).toBe('Bird is not available at the moment.');
    expect(inspect(failure, { showHidden: true })).not.toMatch(/secret|127\.0\.0\.1/);
    expect(failure.cause).toBeUndefined();
  });
});
