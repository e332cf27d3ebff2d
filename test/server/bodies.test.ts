import { hash } from 'node:crypto';
import { once } from 'node:events';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openFrontDoor } from './front-door.ts';

const kib = 1024;
const query = '{"query":"{ tree { id } }"}';
const json = 'application/json';

/** A valid request of exactly so many bytes. */
const sized = (bytes: number) => query.slice(0, -1) + ' '.repeat(bytes - query.length) + '}';

function post(body: string | Uint8Array<ArrayBuffer> | ReadableStream, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    headers: { 'content-type': json, ...headers },
    body,
    duplex: 'half',
  } as RequestInit;
}
const bytes = (buffer: Buffer) => new Uint8Array(buffer);

describe('a body is answered', () => {
  test.each([
    ['plain', post(query)],
    ['as large as is allowed', post(sized(256 * kib))],
    ['with a charset', post(query, { 'content-type': 'Application/JSON; charset=UTF-8' })],
    ['with gzip', post(bytes(gzipSync(query)), { 'content-encoding': 'gzip' })],
    ['with a charset by its other name', post(query, { 'content-type': `${json};charset=utf8` })],
    ['with a byte order mark', post(`\ufeff${query}`)],
    [
      'with a byte order mark, compressed',
      post(bytes(gzipSync(`\ufeff${query}`)), { 'content-encoding': 'gzip' }),
    ],
    ['with x-gzip', post(bytes(gzipSync(query)), { 'content-encoding': 'X-GZIP' })],
    ['with gzip, and nothing', post(bytes(gzipSync(query)), { 'content-encoding': 'gzip, identity' })],
    ['with br', post(bytes(brotliCompressSync(query)), { 'content-encoding': 'BR' })],
    [
      'with gzip, as large as is allowed',
      post(bytes(gzipSync(sized(256 * kib))), { 'content-encoding': 'gzip' }),
    ],
    ['that says it is not compressed', post(query, { 'content-encoding': 'Identity' })],
    ['that says nothing', post(query, { 'content-encoding': '' })],
  ])('%s', async (_name, init) => {
    const door = await openFrontDoor();
    const response = await door.fetch('/graphql', init);
    expect(await response.json()).toEqual({ data: { tree: { id: '1' } } });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('a body is refused', () => {
  test.each([
    [413, 'a byte too large', post(sized(256 * kib + 1))],
    [413, '10 MB', post(sized(10_000 * kib))],
    [413, '10 MB without saying so', post(new Blob([sized(10_000 * kib)]).stream())],
    [413, 'a gzip bomb', post(bytes(gzipSync(sized(20_000 * kib))), { 'content-encoding': 'gzip' })],
    [413, 'a br bomb', post(bytes(brotliCompressSync(sized(20_000 * kib))), { 'content-encoding': 'br' })],
    [415, 'no type', post(bytes(Buffer.from(query)), { 'content-type': '' })],
    [415, 'another type', post(query, { 'content-type': 'application/graphql' })],
    [415, 'no type at all, but JSON in its parameter', post(query, { 'content-type': `;${json}` })],
    [415, 'another charset', post(query, { 'content-type': `${json}; charset=utf-16` })],
    [415, 'deflate', post(bytes(deflateSync(query)), { 'content-encoding': 'deflate' })],
    [415, 'compressed twice', post(bytes(gzipSync(gzipSync(query))), { 'content-encoding': 'gzip, gzip' })],
    [400, 'gzip that is none', post(query, { 'content-encoding': 'gzip' })],
    [400, 'half a gzip', post(bytes(gzipSync(query).subarray(0, 20)), { 'content-encoding': 'gzip' })],
    [400, 'br that is none', post(query, { 'content-encoding': 'br' })],
    [400, 'nothing', post('')],
    [400, 'half a JSON', post(query.slice(0, -1))],
    [400, 'no JSON', post('<html>')],
    [400, 'null', post('null')],
    [400, 'a string', post('"{ tree { id } }"')],
    [400, 'a number', post('1')],
    [400, 'an empty object', post('{}')],
    [400, 'an array', post('[]')],
    [400, 'a batch', post(`[${query},${query}]`)],
    [400, 'a query that is no text', post('{"query":{"kind":"Document"}}')],
    [400, 'a query that is null', post('{"query":null}')],
    [400, 'variables that are text', post('{"query":"{ tree { id } }","variables":"{}"}')],
    [400, 'variables that are a list', post('{"query":"{ tree { id } }","variables":[]}')],
    [400, 'an operation name that is a number', post('{"query":"{ tree { id } }","operationName":1}')],
    // By its protocol: the client then sends the query.
    [
      200,
      'a query to be remembered under its hash',
      post(
        JSON.stringify({
          query: '{ tree { id } }',
          extensions: { persistedQuery: { version: 1, sha256Hash: hash('sha256', '{ tree { id } }') } },
        }),
      ),
    ],
    [
      200,
      'a hash instead of a query',
      post('{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}'),
    ],
    [400, 'JSON as deep as it is long', post('['.repeat(250 * kib))],
    [400, 'bytes that are no text', post(new Uint8Array([0xff, 0xfe, 0x00]))],
    [400, 'JSON in Latin-1', post(bytes(Buffer.from(query.replace('}"', '} # é"'), 'latin1')))],
    [
      400,
      'JSON in Latin-1, compressed',
      post(bytes(gzipSync(Buffer.from(query.replace('}"', '} # é"'), 'latin1'))), {
        'content-encoding': 'gzip',
      }),
    ],
    [
      400,
      'half a character of UTF-16 as if it were one',
      post(bytes(Buffer.from(query.replace('}"', '} # \xed\xa0\xbd"'), 'latin1'))),
    ],
    [400, 'a prototype', post('{"__proto__":{"query":"{ tree { id } }"}}')],
  ])('%i: %s', async (status, _name, init) => {
    const door = await openFrontDoor();
    const response = await door.fetch('/graphql', init);
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(JSON.parse(text)).toEqual({ errors: [expect.objectContaining({ message: expect.any(String) })] });
    expect(response.status).toBe(status);
    expect(door.resolved()).toBe(0);
    expect((await door.ask('{ tree { id } }')).status).toBe(200);
  });

  test('and a bomb takes no memory', async () => {
    const door = await openFrontDoor();
    const bomb = bytes(gzipSync(Buffer.alloc(64_000 * kib), { level: 1 }));
    const before = process.memoryUsage().rss;
    const statuses = await Promise.all(
      Array.from(
        { length: 20 },
        async () => (await door.fetch('/graphql', post(bomb, { 'content-encoding': 'gzip' }))).status,
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([413]));
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000 * kib);
  });
});

describe('other methods and paths are refused in JSON', () => {
  test.each([
    ['GET', '/graphql?query={tree{id}}', 405, 'POST'],
    ['HEAD', '/graphql', 405, 'POST'],
    ['PUT', '/graphql', 405, 'POST'],
    ['DELETE', '/graphql', 405, 'POST'],
    ['POST', '/livez', 405, 'GET'],
    ['POST', '/readyz', 405, 'GET'],
    ['POST', '/metrics', 405, 'GET'],
    ['POST', '/', 405, 'GET'],
    ['GET', '/graphiql', 404, null],
    ['GET', '//graphql', 404, null],
  ])('%s %s', async (method, path, status, allow) => {
    const door = await openFrontDoor();
    const response = await door.fetch(path, {
      method,
      headers: { 'content-type': json },
      ...(method === 'POST' && { body: query }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(allow);
    if (method !== 'HEAD') expect(await response.json()).toBeTypeOf('object');
  });
});

describe('a target that is a whole address is its path', () => {
  test.each([
    ['POST', 'http://anywhere/graphql', 200],
    ['POST', 'HTTP://anywhere:4001/graphql?a=b', 200],
    ['POST', 'https://anywhere/graphql', 200],
    ['GET', 'http://anywhere/livez', 200],
    ['GET', 'http://anywhere/graphql', 405],
    ['POST', 'http://anywhere/graphq', 404],
    ['GET', 'http://anywhere', 200],
    ['POST', 'ftp://anywhere/graphql', 404],
    ['OPTIONS', '*', 404],
  ])('%s %s', async (method, target, status) => {
    const door = await openFrontDoor();
    const socket = await door.dial();
    const body = method === 'POST' ? query : '';
    socket.end(
      `${method} ${target} HTTP/1.1\r\nhost: anywhere\r\nconnection: close\r\ncontent-type: ${json}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'close');
    expect(socket.received().split(' ')[1]).toBe(String(status));
  });
});

describe('a client that drips its bytes is let go', () => {
  test('before its headers are complete', async () => {
    const door = await openFrontDoor({}, { headers: 100, request: 10_000 });
    const socket = await door.dial();
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\n');
    await once(socket, 'close');
    expect(socket.received()).toMatch(/^HTTP\/1.1 408 /);
  });

  test('and holds no place until then', async () => {
    const door = await openFrontDoor({ maxInFlight: 1 });
    const sockets = await Promise.all([door.dial(), door.dial(), door.dial()]);
    for (const socket of sockets)
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: ${json}\r\ncontent-length: 50\r\n\r\n{`,
      );
    // All have been read by now: what came first is done first.
    for (let time = 0; time < 3; time++) expect((await door.ask('{ tree { id } }')).status).toBe(200);
    expect(sockets.map((socket) => socket.received())).toEqual(['', '', '']);
  });

  test('before its body is complete, and holds no place', async () => {
    const door = await openFrontDoor({ maxInFlight: 1 }, { headers: 50, request: 100 });
    const socket = await door.dial();
    socket.write(`POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: ${json}\r\ncontent-length: 50\r\n\r\n{`);
    await once(socket, 'close');
    expect(socket.received()).toMatch(/^HTTP\/1.1 408 /);
    expect((await door.ask('{ tree { id } }')).status).toBe(200);
  });
});

test('headers larger than 16 kB are refused', async () => {
  const door = await openFrontDoor();
  const { status } = await door.fetch('/graphql', post(query, { 'x-large': 'x'.repeat(17 * kib) }));
  expect(status).toBe(431);
});
