import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { openFrontDoor } from './front-door.ts';

const graphql = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const kib = 1024;

describe('what never becomes a request is refused in words, under an id that is in the log', () => {
  test.each([
    ['no HTTP', 400, 'hello\r\n\r\n'],
    ['TLS', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['no host', 400, 'POST /graphql HTTP/1.1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'],
    ['a length that is none', 400, `${graphql}content-length: ten\r\n\r\n`],
    ['two lengths', 400, `${graphql}content-length: 1\r\ncontent-length: 2\r\n\r\n`],
    ['a length and chunks', 400, `${graphql}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`],
    ['a target that is none', 400, 'GET graphql HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a header that is none', 400, `${graphql}x y: z\r\n\r\n`],
    ['a chunk that is none', 400, `${graphql}transfer-encoding: chunked\r\n\r\nten\r\n`],
    ['headers that are too large', 431, `${graphql}x-large: ${'x'.repeat(17 * kib)}\r\n\r\n`],
    [
      'extensions of chunks that are too large',
      413,
      `${graphql}transfer-encoding: chunked\r\n\r\n1;${'x'.repeat(17 * kib)}\r\n`,
    ],
    ['headers that do not end', 408, graphql],
    ['a body that does not end', 408, `${graphql}content-length: 50\r\n\r\n{`],
    ['an expectation', 417, `${graphql}expect: a miracle\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`],
  ])('%s', async (_name, status, sent) => {
    const door = await openFrontDoor({}, { headers: 50, request: 100 });
    const socket = await door.dial();
    socket.write(sent, 'latin1');
    await once(socket, 'close');
    const [head = '', body = ''] = socket.received().split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: expect.stringMatching(/\.$/), extensions: { code: 'BAD_REQUEST' } }],
    });
    const [, requestId] = /^x-request-id: (.+)$/im.exec(head.replaceAll('\r', '')) ?? [];
    const lines = door.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => msg === 'A request was refused.')).toMatchObject([
      { requestId, status, code: 'BAD_REQUEST', reason: expect.any(String) },
    ]);
    const metrics = await (await door.fetch('/metrics')).text();
    expect(metrics).toContain(`user_subgraph_http_responses_total{status="${status}"} 1`);
    expect(door.resolved()).toBe(0);
  });
});

test('what comes behind an operation that is under way is not taken for its answer', async () => {
  const door = await openFrontDoor();
  const body = JSON.stringify({ query: '{ waits }' });
  const socket = await door.dial();
  socket.write(`${graphql}content-length: ${body.length}\r\n\r\n${body}`);
  await door.waiters(1);
  socket.write('hello\r\n\r\n');
  await once(socket, 'close');
  expect(socket.received()).toBe('');
});

test('an answer that nobody takes is not kept for ever', async () => {
  const door = await openFrontDoor({}, { taking: 50 });
  const socket = await door.dial();
  const bytes = 12 * kib * kib;
  const names = Array.from({ length: 90 }, (_, at) => `a${at}: echo(text: $text)`).join(' ');
  const body = JSON.stringify({
    query: `query ($text: String) { ${names} }`,
    variables: { text: 'x'.repeat(bytes / 90) },
  });
  socket.pause();
  socket.write(`${graphql}content-length: ${body.length}\r\n\r\n${body}`);
  await expect
    .poll(() => door.log.some((line) => line.includes('was not taken in time')), { timeout: 10_000 })
    .toBe(true);
  socket.resume();
  await once(socket, 'close');
  expect(socket.received()).toMatch(/^HTTP\/1.1 200 /);
  expect(socket.received().length).toBeLessThan(bytes);
});
