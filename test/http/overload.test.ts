import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import type { UpstreamTools } from '../../src/http/upstream.ts';
import { failureOf, get, hold, json, ManualClock, open, operation, serve } from './rig.ts';

describe('the bulkhead', () => {
  it('opens no more connections than the settings say, and answers everybody in line', async () => {
    let openNow = 0;
    let most = 0;
    const server = await serve((_request, response) => json(response, {}));
    server.on('connection', (socket) => {
      most = Math.max(most, (openNow += 1));
      socket.once('close', () => (openNow -= 1));
    });
    const upstream = open(server.url, { connections: 16, queue: 600, timeoutMs: 60_000 });
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => upstream.send(get(`/${index}`), operation().scope)),
    );
    expect(most).toBe(16);
    expect(upstream.stats).toMatchObject({ calls: 600, refused: 0, inFlight: 0, queued: 0 });
  });

  it('refuses at once what finds the line full', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 2, queue: 3 });
    const send = (index: number) => upstream.send(get(`/${index}`), operation().scope);
    const accepted = [0, 1, 2, 3, 4].map(send);
    expect(upstream.stats).toMatchObject({ inFlight: 2, queued: 3 });
    const failure = await failureOf(send(5));
    expect(failure).toMatchObject({ failure: 'unavailable', retryable: true, retryAfterSeconds: 1 });
    expect(upstream.stats).toMatchObject({ refused: 1, inFlight: 2, queued: 3 });
    for (const index of [0, 1, 2, 3, 4]) json((await held.nth(index)).response, index);
    await expect(Promise.all(accepted)).resolves.toEqual([0, 1, 2, 3, 4]);
  });

  it('serves the line in the order in which it formed, without those who left', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 1 });
    const operations = Array.from({ length: 5 }, () => operation());
    const calls = operations.map(({ scope }, index) =>
      upstream.send(get(`/${index}`), scope).catch(() => 'gone'),
    );
    operations[1]?.disconnects();
    operations[3]?.disconnects();
    expect(upstream.stats.queued).toBe(2);
    for (const index of [0, 1, 2]) json((await held.nth(index)).response, index);
    await expect(Promise.all(calls)).resolves.toEqual([0, 'gone', 1, 'gone', 2]);
    expect(held.requests.map(({ request }) => request.url)).toEqual(['/0', '/2', '/4']);
  });

  it('sends those away who reach the head of the line when the provider has failed', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, { connections: 5 }, { clock });
    const send = (index: number) => failureOf(upstream.send(get(`/${index}`), operation().scope));
    const first = [0, 1, 2, 3, 4].map(send);
    await held.nth(4);
    clock.advance(1_000);
    const inLine = [5, 6, 7].map(send);
    clock.advance(1_500);
    for (const failure of await Promise.all(first)) expect(failure.failure).toBe('timeout');
    for (const failure of await Promise.all(inLine)) expect(failure.failure).toBe('unavailable');
    await new Promise(setImmediate);
    expect(upstream.stats).toMatchObject({ state: 'open', inFlight: 0, queued: 0, calls: 5 });
  });

  it('lets a call follow another on one connection, though nobody may wait for it', async () => {
    const server = await serve((_request, response) => json(response, {}));
    const upstream = open(server.url, { connections: 1, queue: 0 });
    for (let call = 0; call < 3; call += 1)
      await expect(upstream.send(get('/me'), operation().scope)).resolves.toEqual({});
  });

  it('takes the slots of those who were given up back', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 2 });
    for (let round = 0; round < 5; round += 1) {
      const { scope, disconnects } = operation();
      const calls = [0, 1].map((index) => failureOf(upstream.send(get(`/${round}/${index}`), scope)));
      await held.nth(2 * round + 1);
      disconnects();
      await Promise.all(calls);
    }
    expect(upstream.stats).toMatchObject({ inFlight: 0, queued: 0 });
    const answer = upstream.send(get('/me'), operation().scope);
    json((await held.nth(10)).response, {});
    await expect(answer).resolves.toEqual({});
  });
});

describe('an answer', () => {
  it('is not heard by who left when it had just come, and its connection serves others', async () => {
    const server = await serve((_request, response) => json(response, {}));
    const upstream = open(server.url, { connections: 1 });
    const { scope, disconnects } = operation();
    // Told by undici just before it ends the answer: a microtask later it has, and nobody has gone on with it.
    const hasCome = () => queueMicrotask(disconnects);
    subscribe('undici:request:trailers', hasCome);
    const failure = await failureOf(upstream.send(get('/1'), scope));
    unsubscribe('undici:request:trailers', hasCome);
    expect(failure.failure).toBe('cancelled');
    await expect(upstream.send(get('/2'), operation().scope)).resolves.toEqual({});
    expect(upstream.stats).toMatchObject({ calls: 2, sockets: 1, inFlight: 0, queued: 0, state: 'closed' });
    expect(upstream.stats.latency.buckets.reduce((sum, count) => sum + count)).toBe(2);
  });
});

describe('a provider in trouble', () => {
  /** A provider whose health is in the hands of the test, and the upstream to it. */
  async function provider(tools: UpstreamTools = {}) {
    const clock = new ManualClock();
    const state = { status: 200, asked: 0 };
    const server = await serve((request, response) => {
      state.asked += 1;
      if (state.status === 0) request.socket.resetAndDestroy();
      else json(response, {}, state.status);
    });
    const upstream = open(server.url, {}, { clock, random: () => 0, ...tools });
    let calls = 0;
    const ask = () => upstream.send(get(`/${(calls += 1)}`), operation().scope);
    return { clock, state, upstream, ask };
  }

  it.each([
    ['resets the connection', 0, 5],
    ['answers 502', 502, 5],
    ['answers 503', 503, 5],
    // Which may be a single record's trouble, and weighs half.
    ['answers 500', 500, 10],
  ])('is hardly asked any more when it %s', async (_how, status, failures) => {
    const { state, ask, upstream } = await provider();
    state.status = status;
    for (let call = 0; call < 100; call += 1) await failureOf(ask());
    const { calls, retries } = upstream.stats;
    expect(calls - retries).toBe(failures);
    expect(state.asked).toBeLessThanOrEqual(failures + 2);
    expect(upstream.stats.state).toBe('open');
    expect(upstream.stats.failedFast).toBe(100 - failures);
    await expect(failureOf(ask())).resolves.toMatchObject({
      failure: 'unavailable',
      retryable: true,
      retryAfterSeconds: 3,
    });
  });

  it.each([400, 401, 403, 404, 422, 429])('is none that answers %i to one person', async (status) => {
    const { clock, state, ask, upstream } = await provider();
    state.status = status;
    for (let call = 0; call < 100; call += 1) {
      await failureOf(ask());
      clock.advance(1_000);
    }
    expect(upstream.stats).toMatchObject({ state: 'closed', failedFast: 0 });
    expect(state.asked).toBeGreaterThanOrEqual(100);
  });

  it('that never answers is found out by the time limit', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, {}, { clock });
    const ask = (index: number) => failureOf(upstream.send(get(`/${index}`), operation().scope));
    const failures = [0, 1, 2, 3, 4].map(ask);
    await held.nth(4);
    clock.advance(2_500);
    await Promise.all(failures);
    await expect(ask(5)).resolves.toMatchObject({ failure: 'unavailable' });
    expect(held.requests).toHaveLength(5);
  });

  it('is asked by one call at a time, once a cool-down, and by all when it is well', async () => {
    const { clock, state, ask, upstream } = await provider();
    state.status = 503;
    while (upstream.stats.state === 'closed') await failureOf(ask());
    const before = state.asked;
    for (let coolDown = 1; coolDown <= 3; coolDown += 1) {
      clock.advance(2_500);
      await Promise.all(Array.from({ length: 20 }, () => failureOf(ask())));
      expect(state.asked).toBe(before + coolDown);
    }
    state.status = 200;
    await failureOf(ask());
    clock.advance(2_499);
    await failureOf(ask());
    clock.advance(1);
    await expect(ask()).resolves.toEqual({});
    expect(upstream.stats.state).toBe('closed');
    await expect(Promise.all([ask(), ask(), ask()])).resolves.toEqual([{}, {}, {}]);
  });

  it('is found to be well by the one call that was to find out, whoever has left it', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, { retries: 0 }, { clock });
    for (let call = 0; call < 5; call += 1) {
      const failure = failureOf(upstream.send(get(`/${call}`), operation().scope));
      json((await held.nth(call)).response, {}, 503);
      await failure;
    }
    clock.advance(2_500);
    const { scope, disconnects } = operation();
    const trial = failureOf(upstream.send(get('/trial'), scope));
    const { response } = await held.nth(5);
    expect(upstream.stats.state).toBe('half-open');
    disconnects();
    await expect(trial).resolves.toMatchObject({ failure: 'cancelled' });
    expect(upstream.stats).toMatchObject({ state: 'half-open', inFlight: 1 });
    json(response, {});
    while (upstream.stats.state !== 'closed') await new Promise(setImmediate);
    const answer = upstream.send(get('/me'), operation().scope);
    json((await held.nth(6)).response, 'well');
    await expect(answer).resolves.toBe('well');
  });

  it('is not what clients are who go away', async () => {
    const held = await hold();
    const upstream = open(held.url);
    for (let call = 0; call < 20; call += 1) {
      const { scope, disconnects } = operation();
      const failure = failureOf(upstream.send(get(`/${call}`), scope));
      await held.nth(call);
      disconnects();
      await failure;
    }
    expect(upstream.stats).toMatchObject({ state: 'closed', failures: { cancelled: 20 } });
  });

  it('is told of in the log, once when it begins and once when it ends', async () => {
    const lines: unknown[] = [];
    const note = (line: object) => lines.push(line);
    const { clock, state, ask, upstream } = await provider({ log: { info: note, warn: note } });
    state.status = 503;
    for (let call = 0; call < 20; call += 1) await failureOf(ask());
    state.status = 200;
    clock.advance(2_500);
    await ask();
    expect(upstream.stats.state).toBe('closed');
    expect(lines.filter((line) => 'state' in (line as object))).toEqual([
      { provider: 'bird', state: 'open' },
      { provider: 'bird', state: 'half-open' },
      { provider: 'bird', state: 'closed' },
    ]);
  });
});

it('an upstream that closes finishes what is under way', async () => {
  const held = await hold();
  const upstream = open(held.url);
  const answer = upstream.send(get('/me'), operation().scope);
  const { response } = await held.nth(0);
  const closed = upstream.close();
  json(response, 'finished');
  await expect(answer).resolves.toBe('finished');
  await closed;
  await expect(failureOf(upstream.send(get('/me'), operation().scope))).resolves.toMatchObject({
    failure: 'unreachable',
    outcomeUnknown: false,
  });
});
