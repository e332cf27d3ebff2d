import { describe, expect, it } from 'vitest';
import { failureOf, get, hold, json, ManualClock, open, operation, serve, silence } from './rig.ts';

const patch = {
  method: 'PATCH',
  path: '/me',
  credential: 'ada',
  headers: {},
  body: { name: 'Ada' },
} as const;
const remove = { method: 'DELETE', path: '/me', credential: 'ada', headers: {} } as const;
const writes = [
  ['PATCH', { ...patch, on: { ok: (body: unknown) => body } }],
  ['DELETE', { ...remove, on: { ok: () => null } }],
] as const;

describe.each(writes)('a %s', (method, call) => {
  it.each([
    [400, false, false],
    [404, false, false],
    [409, false, false],
    [429, true, false],
    [302, false, true],
    [500, false, true],
    [502, false, true],
    [503, false, true],
    [504, false, true],
  ])('is sent once when it is answered %i', async (status, retryable, outcomeUnknown) => {
    const asked: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      asked.push(request.method);
      request.resume();
      response.setHeader('retry-after', '0');
      json(response, {}, status);
    });
    const failure = await failureOf(open(server.url, { retries: 5 }).send(call, operation().scope));
    expect(failure).toMatchObject({ status, retryable, outcomeUnknown });
    expect(asked).toEqual([method]);
  });

  it('is sent once on a connection that breaks, and says that its outcome is not known', async () => {
    let received = 0;
    const server = await serve((request) => {
      received += 1;
      request.socket.resetAndDestroy();
    });
    const failure = await failureOf(open(server.url, { retries: 5 }).send(call, operation().scope));
    expect(failure).toMatchObject({ failure: 'unreachable', retryable: false, outcomeUnknown: true });
    expect(failure.message).toBe(
      'Bird could not be reached. ' +
        'It is not known whether the change was made: look at the current state before trying again.',
    );
    expect(received).toBe(1);
  });

  it('is sent once on a kept connection that the server has given up', async () => {
    const asked: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      asked.push(request.method);
      if (request.method === 'GET') json(response, {});
      else request.socket.destroy();
    });
    const upstream = open(server.url, { connections: 1, retries: 5 });
    await upstream.send(get('/me'), operation().scope);
    const failure = await failureOf(upstream.send(call, operation().scope));
    expect(failure).toMatchObject({ failure: 'unreachable', outcomeUnknown: true });
    expect(asked).toEqual(['GET', method]);
  });

  it('that finds nobody was certainly not made', async () => {
    const server = await serve(() => {});
    await new Promise((resolve) => server.close(resolve));
    const upstream = open(server.url, { retries: 5 });
    const failure = await failureOf(upstream.send(call, operation().scope));
    expect(failure).toMatchObject({ failure: 'unreachable', retryable: true, outcomeUnknown: false });
    expect(upstream.stats.calls).toBe(1);
  });

  it('that is out of time after it was sent has an unknown outcome', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const failure = failureOf(open(held.url, { retries: 5 }, { clock }).send(call, operation().scope));
    await held.nth(0);
    clock.advance(2_500);
    await expect(failure).resolves.toMatchObject({
      failure: 'timeout',
      retryable: false,
      outcomeUnknown: true,
    });
    expect(held.requests).toHaveLength(1);
  });

  it('that is out of time soon after it was sent, for it had waited in line, has one as well', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, { connections: 1, retries: 0 }, { clock });
    const before = failureOf(upstream.send(get('/me'), operation().scope));
    const { request } = await held.nth(0);
    const failure = failureOf(upstream.send(call, operation().scope));
    clock.advance(2_000);
    request.socket.resetAndDestroy();
    await before;
    await held.nth(1);
    clock.advance(500);
    await expect(failure).resolves.toMatchObject({
      failure: 'timeout',
      retryable: false,
      outcomeUnknown: true,
    });
  });

  it('that is out of time before it was sent was certainly not made', async () => {
    const clock = new ManualClock();
    const silent = await silence();
    const failure = failureOf(open(silent.url, {}, { clock }).send(call, operation().scope));
    await silent.connected;
    clock.advance(2_500);
    await expect(failure).resolves.toMatchObject({
      failure: 'timeout',
      retryable: true,
      outcomeUnknown: false,
    });
    silent.ends();
  });

  it('that was sent is finished when the client goes', async () => {
    const held = await hold();
    const { scope, disconnects } = operation();
    const answer = open(held.url).send({ ...call, on: { ok: (body: unknown) => body } }, scope);
    const { response } = await held.nth(0);
    disconnects();
    json(response, { done: true });
    await expect(answer).resolves.toEqual({ done: true });
  });

  it('that was not sent is not made when the client goes', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 1 });
    const read = upstream.send(get('/me'), operation().scope);
    const { response } = await held.nth(0);
    const { scope, disconnects } = operation();
    const failure = failureOf(upstream.send(call, scope));
    expect(upstream.stats.queued).toBe(1);
    disconnects();
    await expect(failure).resolves.toMatchObject({ failure: 'cancelled', outcomeUnknown: false });
    expect(upstream.stats.queued).toBe(0);
    json(response, {});
    await read;
    expect(held.requests.map(({ request }) => request.method)).toEqual(['GET']);
  });

  it('that was given up while it connected is not made once it has', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const { scope, disconnects } = operation();
    const failure = failureOf(upstream.send(call, scope));
    // Nothing is on the wire in the turn of the event loop in which a connection is begun.
    await new Promise<void>((connecting) => process.nextTick(connecting));
    disconnects();
    await expect(failure).resolves.toMatchObject({ failure: 'cancelled', outcomeUnknown: false });
    const read = upstream.send(get('/me'), operation().scope);
    json((await held.nth(0)).response, {});
    await read;
    expect(held.requests.map(({ request }) => request.method)).toEqual(['GET']);
    expect(upstream.stats.inFlight).toBe(0);
  });

  it('that was given up just before it would have been sent is not made', async () => {
    const asked: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      asked.push(request.method);
      json(response, {});
    });
    const upstream = open(server.url, { connections: 1 });
    await upstream.send(get('/1'), operation().scope);
    const { scope, disconnects } = operation();
    const failure = failureOf(upstream.send(call, scope));
    disconnects();
    await expect(failure).resolves.toMatchObject({ failure: 'cancelled', outcomeUnknown: false });
    await upstream.send(get('/2'), operation().scope);
    expect(asked).toEqual(['GET', 'GET']);
    expect(upstream.stats).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('is never shared', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const both = [upstream.send(call, operation().scope), upstream.send(call, operation().scope)];
    for (const index of [0, 1]) json((await held.nth(index)).response, {});
    await Promise.all(both);
    expect(held.requests).toHaveLength(2);
  });

  it('that cannot be understood says that its outcome is not known', async () => {
    const server = await serve((_request, response) => response.end('<html>'));
    const call = { ...patch, on: { ok: (body: unknown) => body } };
    const failure = await failureOf(open(server.url).send(call, operation().scope));
    expect(failure).toMatchObject({ failure: 'invalid-response', retryable: false, outcomeUnknown: true });
  });
});
