import { Agent, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ada, startSimulators, stranger } from './index.ts';

const simulators = await startSimulators();
const { bird, ejento, insighto, atoms } = simulators;
const settings = simulators.settings();
afterAll(() => simulators.close());
beforeEach(() => simulators.reset());

const headers = { authorization: 'Bearer demo-ada' };
const me = (init?: RequestInit) => fetch(`${bird.url}/me`, { headers, redirect: 'manual', ...init });
const statusAfter = async () => {
  await bird.recovers();
  return (await me()).status;
};
const body = async () => (await me()).json() as Promise<never>;

/** A success of each provider about Ada. */
const aboutAda = {
  bird: () => me(),
  ejento: () =>
    fetch(`${ejento.url}/v2/api/user/147`, {
      headers: {
        'ocp-apim-subscription-key': settings['EJENTO_SUBSCRIPTION_KEY'] ?? '',
        authorization: `Bearer ${settings['EJENTO_ACCESS_TOKEN']}`,
      },
    }),
  insighto: () => fetch(`${insighto.url}/api/v1/user?api_key=${ada.insighto.key}`),
  atoms: () =>
    fetch(`${atoms.baseUrl}/user`, { headers: { authorization: `Bearer ${ada.atoms?.key ?? ''}` } }),
};
const names = Object.keys(aboutAda) as (keyof typeof aboutAda)[];
const textOf = async (name: (typeof names)[number]) => (await aboutAda[name]()).text();

/** Bypasses fetch, which knows better: the head and the bytes as they arrive, and how it ended. */
function raw(method = 'GET', agent: Agent | false = false) {
  return new Promise<{ status?: number | undefined; bytes: Buffer; error?: string | undefined }>(
    (resolve) => {
      const chunks: Buffer[] = [];
      let status: number | undefined;
      const done = (error?: Error) =>
        resolve({ status, bytes: Buffer.concat(chunks), error: error?.message });
      request(`${bird.url}/me`, { method, headers, agent }, (answer) => {
        status = answer.statusCode;
        answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', done);
        answer.on('error', done);
      })
        .on('error', done)
        .end();
    },
  );
}

test('a simulator that is down refuses connections, cuts the open ones, and is up on the same port', async () => {
  const { url } = bird;
  bird.neverAnswers();
  const waiting = me();
  await bird.until(() => bird.received === 1);
  const [cut] = await Promise.all([waiting.catch((error: Error) => error.message), bird.isDown()]);
  expect(cut).toBe('fetch failed');
  expect(bird.openSockets).toBe(0);
  expect(await raw()).toMatchObject({ error: expect.stringContaining('ECONNREFUSED') });
  await bird.recovers();
  expect(bird.url).toBe(url);
  expect((await me()).status).toBe(200);
});

test('a reset before, after and within the answer differ in what has been done', async () => {
  bird.resets();
  expect(await raw('DELETE')).toMatchObject({ status: undefined, error: 'read ECONNRESET' });
  expect(await statusAfter()).toBe(200);

  bird.resetsAfter();
  expect(await raw('DELETE')).toMatchObject({ status: undefined, error: 'read ECONNRESET' });
  expect(await statusAfter()).toBe(401);

  await bird.reset();
  bird.resetsWithin();
  expect(await raw('DELETE')).toMatchObject({ status: undefined, error: 'read ECONNRESET' });
  const whole = JSON.stringify(bird.user(ada)).length;
  const part = await raw('GET').then(({ bytes }) => bytes.length);
  expect(part).toBeLessThan(whole);
  expect(await statusAfter()).toBe(401);

  await bird.reset();
  const others = bird.openSockets;
  const agent = new Agent({ keepAlive: true });
  bird.resetsOnceAnswered();
  expect(await raw('DELETE', agent)).toMatchObject({ status: 202, error: undefined });
  await bird.until(() => bird.openSockets === others);
  expect(await statusAfter()).toBe(401);
});

test('each refusal is the vendor’s own', async () => {
  bird.rateLimits(7);
  const limited = await me();
  expect(limited.status).toBe(429);
  expect(limited.headers.get('retry-after')).toBe('7');
  expect(await limited.json()).toEqual({ code: 'TooManyRequests', message: 'Too many requests' });

  ejento.fails();
  insighto.forbids();
  atoms.unavailable('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(await textOf('ejento')).toBe('{"success":false,"message":"Something went wrong"}');
  expect(await textOf('insighto')).toBe('{"detail":"Not enough permissions"}');
  const unavailable = await aboutAda.atoms();
  expect(unavailable.status).toBe(503);
  expect(unavailable.headers.get('retry-after')).toBe('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(await unavailable.text()).toBe('{"status":false,"errors":["Service unavailable"]}');

  for (const [verb, status] of [['isUnauthorized', 401], ['forbids', 403], ['notFound', 404], ['fails', 500]] as const) {
    bird[verb]();
    expect((await me()).status).toBe(status);
  } // prettier-ignore
  bird.badGateway();
  const gateway = await me();
  expect(gateway.status).toBe(502);
  expect(gateway.headers.get('content-type')).toBe('text/html; charset=utf-8');
  bird.answers(400, { body: { plan: 'over' }, headers: { 'x-plan': 'free' } });
  const answered = await me();
  expect([answered.status, answered.headers.get('x-plan'), await answered.text()]).toEqual([
    400,
    'free',
    '{"plan":"over"}',
  ]);
});

test('faults with a number are used up in order, then the last one without applies', async () => {
  bird.fails();
  bird.badGateway();
  bird.rateLimits(1, { times: 2 });
  bird.forbids({ times: 1, path: /^\/me$/ });
  bird.notFound({ times: 1, path: '/organizations' });
  const statuses: number[] = [];
  for (let asked = 0; asked < 5; asked++) statuses.push((await me()).status);
  expect(statuses).toEqual([429, 429, 403, 502, 502]);
  await bird.recovers();
  expect((await me()).status).toBe(200);
});

test('a slow answer is the right one, later', async () => {
  bird.isSlow(30);
  const started = performance.now();
  expect(await body()).toMatchObject({ id: ada.userId });
  expect(performance.now() - started).toBeGreaterThan(28);
});

test('a dripping answer never ends, until the client goes', async () => {
  bird.drips({ everyMs: 1 });
  const client = new AbortController();
  const reader = (await me({ signal: client.signal })).body?.getReader();
  let bytes = 0;
  while (bytes < 5) bytes += (await reader?.read())?.value?.length ?? 0;
  expect(bird.abandoned).toBe(0);
  client.abort();
  await bird.until(() => bird.abandoned === 1);
});

test('a request that is never answered can only be given up', async () => {
  bird.neverAnswers();
  const client = new AbortController();
  const answer = me({ signal: client.signal }).catch((error: Error) => error.name);
  await bird.until(() => bird.count('GET', '/me') === 1);
  client.abort();
  expect(await answer).toBe('AbortError');
  await bird.until(() => bird.abandoned === 1);
});

test('a truncated answer ends before the length that it announced, half a JSON as announced', async () => {
  const whole = JSON.stringify(bird.user(ada)).length;
  bird.truncates();
  expect(await raw()).toMatchObject({ status: 200, error: 'aborted', bytes: { length: whole >> 1 } });
  expect(await raw('DELETE')).toMatchObject({ status: 202, error: 'aborted' });
  await bird.reset();
  bird.answersHalf();
  const half = await raw();
  expect(half).toMatchObject({ status: 200, error: undefined, bytes: { length: whole >> 1 } });
  expect(() => void JSON.parse(half.bytes.toString())).toThrow(SyntaxError);
});

test('wrong types keep the envelope and the ids, and nothing else', async () => {
  for (const name of names) simulators[name].answersWrongTypes();
  expect(JSON.parse(await textOf('bird'))).toMatchObject({
    id: ada.userId,
    name: 7,
    status: 7,
    activeSessions: '2',
    emails: [{ email: 7, verified: 'true' }, {}],
    badges: [7],
  });
  expect(JSON.parse(await textOf('ejento'))).toMatchObject({
    success: true,
    message: 'Users found successfully',
    data: { id: 147, is_staff: 'true', organization: { id: 1, org_name: 7 } },
  });
  expect(JSON.parse(await textOf('insighto'))).toMatchObject({ data: { id: ada.insighto.id, email: 7 } });
  expect(JSON.parse(await textOf('atoms'))).toMatchObject({
    status: true,
    data: { _id: ada.atoms?.id, firstName: 7, isEmailVerified: 'true' },
  });
});

test('a wrong content type carries the right answer', async () => {
  bird.answersWrongContentType();
  const answer = await me();
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await answer.json()).toEqual(bird.user(ada));
});

test('huge answers and bombs are right for whoever swallows them', async () => {
  bird.answersHuge();
  const huge = await me();
  expect(huge.headers.get('content-length')).toBeNull();
  const text = await huge.text();
  expect(text.length).toBeGreaterThan(2 * 1024 * 1024);
  expect(JSON.parse(text)).toEqual(bird.user(ada));

  await bird.recovers();
  bird.answersBomb();
  const { bytes } = await raw();
  expect(bytes.length).toBeLessThan(1024 * 1024);
  expect(() => gunzipSync(bytes, { maxOutputLength: 32 * 1024 * 1024 })).toThrow(RangeError);
  const reader = (await me()).body?.getReader();
  const first = new TextDecoder().decode((await reader?.read())?.value);
  await reader?.cancel();
  expect(JSON.parse(first)).toEqual(bird.user(ada));
});

test('a redirect takes path and query to another origin', async () => {
  insighto.redirects(bird.url, 307);
  const answer = await fetch(`${insighto.url}/api/v1/user?api_key=in-x`, { redirect: 'manual' });
  expect(answer.status).toBe(307);
  expect(answer.headers.get('location')).toBe(`${bird.url}/api/v1/user?api_key=in-x`);
  expect(bird.requests).toEqual([]);
});

test('an answer about somebody else is about the stranger', async () => {
  for (const name of names) simulators[name].answersAnotherPerson();
  for (const name of names) {
    const text = await textOf(name);
    expect(text).toContain(stranger.email);
    expect(text).not.toContain(ada.email);
  }
});

test('a failure dressed as a success has status 200, and null data the right envelope', async () => {
  for (const name of names) simulators[name].answersSuccessFalse();
  for (const name of names) expect((await aboutAda[name]()).status).toBe(200);
  expect(await textOf('ejento')).toBe('{"success":false,"message":"Something went wrong"}');
  expect(await textOf('atoms')).toBe('{"status":false,"errors":["Internal server error"]}');
  await simulators.reset();
  for (const name of names) simulators[name].answersNullData();
  expect(await textOf('bird')).toBe('null');
  expect(await textOf('ejento')).toBe('{"success":true,"message":"Users found successfully","data":null}');
  expect(await textOf('insighto')).toBe('{"message":"success","meta":{},"data":null}');
  expect(await textOf('atoms')).toBe('{"status":true,"data":null}');
});
