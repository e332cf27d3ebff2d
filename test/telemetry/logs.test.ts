import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatError } from '../../src/graphql/format-error.ts';
import { UpstreamError } from '../../src/http/upstream-error.ts';
import { logPlain, openLog } from '../../src/telemetry/log.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { createApollo } from '../../src/graphql/apollo.ts';
import { openFrontDoor } from '../server/front-door.ts';

const secret = 'a-private-value';
const traceId = '0af7651916cd43dd8448eb211c80319c';

const lineOf = (log: string[], message: string) =>
  log.map((line) => JSON.parse(line) as Record<string, unknown>).find(({ msg }) => msg === message);

test('each operation is one line that says what it was, what it cost and how it ended', async () => {
  const door = await openFrontDoor();
  const { headers } = await door.ask('query Named { tree { id } fails }', {
    headers: { 'x-request-id': 'the-request', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  expect(headers.get('x-request-id')).toBe('the-request');
  expect(lineOf(door.log, 'operation')).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    requestId: 'the-request',
    traceId,
    operation: 'Named',
    type: 'query',
    ms: expect.any(Number),
    calls: {},
    errors: [{ code: 'INTERNAL_SERVER_ERROR', count: 1 }],
    msg: 'operation',
  });
});

test('an operation that cannot be read has its line as well', async () => {
  const door = await openFrontDoor();
  await door.ask(`{ ${secret} `);
  expect(lineOf(door.log, 'operation')).toMatchObject({
    operation: null,
    type: 'unknown',
    errors: [{ code: 'GRAPHQL_PARSE_FAILED', count: 1 }],
  });
  expect(door.log.join()).not.toContain(secret);
});

test('an operation that was read and is not good is told as it was read', async () => {
  const door = await openFrontDoor();
  await door.ask('mutation Wrong { nothing }');
  await door.ask('query A { tree { id } } query B { nothing }');
  const lines = door.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'operation');
  expect(lines).toMatchObject([
    { operation: 'Wrong', type: 'mutation', errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }] },
    { operation: null, type: 'unknown', errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }] },
  ]);
});

test.each<[number, string, RequestInit & { headers?: Record<string, string> }]>([
  [400, '/graphql', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
  [404, '/nothing', {}],
  [405, '/graphql', {}],
  [406, '/graphql', { method: 'POST', headers: { accept: 'text/html' } }],
  [
    413,
    '/graphql',
    { method: 'POST', body: ' '.repeat(300_000), headers: { 'content-type': 'application/json' } },
  ],
  [415, '/graphql', { method: 'POST', body: secret }],
])('a refusal has an id, and a line for whoever looks closely: %i', async (status, path, init) => {
  const door = await openFrontDoor();
  const named = await door.fetch(path, {
    ...init,
    headers: { ...(init.headers as Record<string, string>), 'x-request-id': 'the-request' },
  });
  expect([named.status, named.headers.get('x-request-id')]).toEqual([status, 'the-request']);
  expect(lineOf(door.log, 'A request was refused.')).toMatchObject({
    level: 'debug',
    requestId: 'the-request',
    status,
    code: 'BAD_REQUEST',
    reason: expect.any(String),
  });
  expect((await door.fetch(path, init)).headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  expect(door.log.join()).not.toContain(secret);
});

test('an error that nobody foresaw is masked for the client and described in the log, under one id', async () => {
  const door = await openFrontDoor();
  door.failWith(
    Object.assign(new TypeError(`Invalid URL https://host/?api_key=${secret}`), {
      code: 'ERR_INVALID_URL',
      input: secret,
      headers: { authorization: secret },
      cause: new SyntaxError(`Unexpected token in ${secret}`),
    }),
  );
  const { body, text, status } = await door.ask('{ fails }', { headers: { 'x-request-id': 'the-request' } });
  expect(status).toBe(200);
  expect(body.data).toEqual({ fails: null });
  expect(body.errors).toEqual([
    expect.objectContaining({
      message: expect.stringContaining('the-request'),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    }),
  ]);
  const line = door.log.map((text) => JSON.parse(text)).find(({ level }) => level === 'error');
  expect(line).toMatchObject({
    requestId: 'the-request',
    err: { type: 'TypeError', code: 'ERR_INVALID_URL', cause: { type: 'SyntaxError' } },
  });
  expect(line.err.stack).toContain('logs.test.ts');
  expect(text + door.log.join()).not.toContain(secret);
  expect(text).not.toContain('logs.test.ts');
});

test('an error that nobody foresaw is masked though it comes with a code for clients', async () => {
  const door = await openFrontDoor();
  door.failWith(Object.assign(new Error(secret), { extensions: { code: 'A_CODE', secret } }));
  const { body, text } = await door.ask('{ fails }');
  expect(body.errors).toMatchObject([{ path: ['fails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  expect(text + door.log.join()).not.toContain(secret);
});

test('the text of an error reaches the log only where it is our own, however it is logged', () => {
  const lines: string[] = [];
  const log = openLog({ level: 'info', to: { write: (line) => void lines.push(line) } });
  const error = Object.assign(new Error(secret), { input: secret, cause: new Error(secret) });
  log.error(error);
  log.error({ err: error });
  log.error(error, 'with a text');
  log.warn({ reason: error, count: 1 });
  expect(lines.join()).not.toContain(secret);
  expect(lines).toHaveLength(4);
  log.error({ err: new UpstreamError('bird', 'timeout', { status: 504 }) }, 'a provider');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    err: {
      type: 'UpstreamError',
      message: 'Bird did not answer in time.',
      provider: 'bird',
      failure: 'timeout',
      status: 504,
    },
  });
});

test('an error that is its own cause has a description that ends', () => {
  const lines: string[] = [];
  const log = openLog({ level: 'info', to: { write: (line) => void lines.push(line) } });
  const error = new Error(secret);
  error.cause = error;
  log.error({ err: error }, 'a circle');
  expect(lines.join().match(/"type":"Error"/g)).toHaveLength(4);
});

test('what Apollo Server has to say is logged without the text of an error', async () => {
  const lines: string[] = [];
  const log = openLog({ level: 'info', to: { write: (line) => void lines.push(line) } });
  const config = {
    production: true,
    introspection: false,
    inlineTrace: false,
    maxRepresentations: 500,
    maxValues: 25_000,
  };
  const apollo = createApollo(
    { config, schema: buildSchema(), formatError, log },
    { requestDidStart: () => Promise.reject(new Error(secret)) },
  );
  await expect(apollo.executeOperation({ query: '{ __typename }' })).rejects.toThrow('Internal server error');
  await apollo.stop();
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', msg: 'Apollo Server: Unexpected error processing request' },
  ]);
});

test('the line of an operation is what the log itself would write, at the levels at which it would', () => {
  const lines: string[] = [];
  const to = { write: (line: string) => void lines.push(line.replace(/"time":"[^"]+"/, '"time":""')) };
  const fields = { operation: 'Quotes"and\n', ms: 1.5, calls: { bird: 1 }, errors: [] };
  for (const level of ['debug', 'info', 'warn', 'silent']) {
    const log = openLog({ level, to });
    log.info(fields, 'operation');
    logPlain(log, fields, 'operation');
  }
  expect(lines).toHaveLength(4);
  expect(lines[1]).toBe(lines[0]);
  expect(lines[3]).toBe(lines[2]);
});

test('an error that ends the process is described as well, and nothing more of it is printed', async () => {
  // Thrown from outside, once the program has begun to listen for such.
  const defect = `setInterval(() => {
    const { planted } = process.env;
    if (process.listenerCount('uncaughtException') > 0) throw Object.assign(new Error(planted), { input: planted });
  }, 5)`;
  const env = { BIRD_BASE_URL: 'http://localhost', LINKS_URL: 'sqlite::memory:', PORT: '0', planted: secret };
  const program = ['--import', `data:text/javascript,${encodeURIComponent(defect)}`, 'src/main.js'];
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, program, { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code, output: stdout + stderr }),
    );
  });
  expect(output).toMatch(/"level":"fatal".*"type":"Error"/);
  expect(output).not.toContain(secret);
  expect(code).toBe(1);
});
