import { describe, expect, it } from 'vitest';
import { fields } from '../../src/http/decode.ts';
import { failureOf, get, hold, json, ManualClock, open, operation, serve } from './rig.ts';

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
};

describe('identical GETs in flight', () => {
  it('are sent once, with the headers of the first', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const calls = ['r-1', 'r-2', 'r-3'].map((id) =>
      upstream.send(get('/me'), operation({ 'x-request-id': id }).scope),
    );
    const { request, response } = await held.nth(0);
    json(response, { name: 'Ada' });
    await expect(Promise.all(calls)).resolves.toEqual(Array(3).fill({ name: 'Ada' }));
    expect(request.headers['x-request-id']).toBe('r-1');
    expect(held.requests).toHaveLength(1);
    expect(upstream.stats).toMatchObject({ calls: 1, coalesced: 2 });
  });

  it('are each decoded by whoever asked', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const id = upstream.send({ ...get('/me'), on: { ok: fields((of) => of.id('id')) } }, operation().scope);
    const name = upstream.send(
      { ...get('/me'), on: { ok: fields((of) => of.text('name')) } },
      operation().scope,
    );
    const never = upstream.send(
      { ...get('/me'), on: { ok: fields((of) => of.id('none')) } },
      operation().scope,
    );
    json((await held.nth(0)).response, { id: 'a-1', name: 'Ada' });
    await expect(Promise.all([id, name])).resolves.toEqual(['a-1', 'Ada']);
    await expect(failureOf(never)).resolves.toMatchObject({ failure: 'invalid-response' });
  });

  it('share a failure', async () => {
    const held = await hold();
    const upstream = open(held.url, { retries: 0 });
    const calls = [1, 2, 3].map(() => failureOf(upstream.send(get('/me'), operation().scope)));
    (await held.nth(0)).request.socket.resetAndDestroy();
    const failures = await Promise.all(calls);
    expect(failures[0]).toMatchObject({ failure: 'unreachable' });
    expect(new Set(failures).size).toBe(1);
    expect(held.requests).toHaveLength(1);
  });

  it.each([
    ['another path', get('/me/sessions')],
    ['another credential', get('/me', 'grace')],
  ])('are not those with %s', async (_name, other) => {
    const held = await hold();
    const upstream = open(held.url);
    const calls = [upstream.send(get('/me'), operation().scope), upstream.send(other, operation().scope)];
    for (const index of [0, 1]) json((await held.nth(index)).response, { index });
    await expect(Promise.all(calls)).resolves.toEqual([{ index: 0 }, { index: 1 }]);
  });

  it('are not remembered once they are answered, nor once they have failed', async () => {
    const statuses = [200, 500, 200];
    const server = await serve((_request, response) => {
      const status = statuses.shift() ?? 0;
      json(response, { status, left: statuses.length }, status);
    });
    const upstream = open(server.url);
    await expect(upstream.send(get('/me'), operation().scope)).resolves.toMatchObject({ left: 2 });
    await failureOf(upstream.send(get('/me'), operation().scope));
    await expect(upstream.send(get('/me'), operation().scope)).resolves.toMatchObject({ left: 0 });
  });

  it('that began before a write are not joined after it', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const before = upstream.send(get('/me'), operation().scope);
    const other = upstream.send(get('/me', 'grace'), operation().scope);
    const [first, second] = [await held.nth(0), await held.nth(1)];
    upstream.forget('ada');
    const after = upstream.send(get('/me'), operation().scope);
    const joined = upstream.send(get('/me', 'grace'), operation().scope);
    const third = await held.nth(2);
    json(first.response, 'stale');
    await expect(before).resolves.toBe('stale');
    const afterwards = upstream.send(get('/me'), operation().scope);
    json(second.response, 'grace');
    json(third.response, 'fresh');
    await expect(Promise.all([after, afterwards])).resolves.toEqual(['fresh', 'fresh']);
    await expect(Promise.all([other, joined])).resolves.toEqual(['grace', 'grace']);
    expect(held.requests).toHaveLength(3);
  });

  it('never show one person’s answer to another: 400 requests of two people at once', async () => {
    const server = await serve((request, response) => json(response, { of: request.headers.authorization }));
    const upstream = open(server.url, { connections: 8, queue: 400, timeoutMs: 60_000 });
    const people = ['ada', 'grace'];
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, index) => {
        const person = people[index % 2] as string;
        await turns(index % 7);
        const answer = (await upstream.send(get(`/${index % 3}`, person), operation().scope)) as {
          of: string;
        };
        return answer.of === person;
      }),
    );
    expect(answers).toEqual(Array(400).fill(true));
    expect(upstream.stats.coalesced).toBeGreaterThan(100);
    expect(upstream.stats.calls + upstream.stats.coalesced).toBe(400);
  });
});

describe('an operation that ends', () => {
  it('gives its read up', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const { scope, disconnects } = operation();
    const failure = failureOf(upstream.send(get('/me'), scope));
    const { response } = await held.nth(0);
    const gone = new Promise((resolve) => response.once('close', resolve));
    disconnects();
    await expect(failure).resolves.toMatchObject({ failure: 'cancelled', retryable: false });
    await gone;
    expect(upstream.stats).toMatchObject({ inFlight: 0, failures: { cancelled: 1 } });
  });

  it('is out of time when that is why', async () => {
    const held = await hold();
    const { scope, isOverdue } = operation();
    const failure = failureOf(open(held.url).send(get('/me'), scope));
    await held.nth(0);
    isOverdue();
    await expect(failure).resolves.toMatchObject({ failure: 'timeout', retryable: true });
  });

  it('asks nobody afterwards', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const { scope, disconnects } = operation();
    disconnects();
    const read = failureOf(upstream.send(get('/me'), scope));
    const write = failureOf(upstream.send({ ...get('/me'), method: 'DELETE' }, scope));
    await expect(read).resolves.toMatchObject({ failure: 'cancelled' });
    await expect(write).resolves.toMatchObject({ failure: 'cancelled', outcomeUnknown: false });
    expect(upstream.stats).toMatchObject({ calls: 0, inFlight: 0, failures: { cancelled: 2 } });
    expect(held.requests).toEqual([]);
  });

  it('leaves a shared read to those who still wait', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const [leaver, stayer] = [operation(), operation()];
    const left = failureOf(upstream.send(get('/me'), leaver.scope));
    const stayed = upstream.send(get('/me'), stayer.scope);
    const { response } = await held.nth(0);
    leaver.disconnects();
    await expect(left).resolves.toMatchObject({ failure: 'cancelled' });
    json(response, 'for who stayed');
    await expect(stayed).resolves.toBe('for who stayed');
    expect(held.requests).toHaveLength(1);
  });

  it('gives a shared read up when it is the last, and nobody joins what is given up', async () => {
    const held = await hold();
    const upstream = open(held.url);
    const operations = [operation(), operation()];
    const failures = operations.map(({ scope }) => failureOf(upstream.send(get('/me'), scope)));
    const { response } = await held.nth(0);
    const gone = new Promise((resolve) => response.once('close', resolve));
    for (const { disconnects } of operations) disconnects();
    const next = upstream.send(get('/me'), operation().scope);
    await Promise.all(failures);
    await gone;
    json((await held.nth(1)).response, 'asked anew');
    await expect(next).resolves.toBe('asked anew');
  });

  it.each([200, 404])('is no failure of a call that had been answered with %i before', async (status) => {
    const server = await serve((_request, response) => json(response, {}, status));
    const upstream = open(server.url);
    const { scope, disconnects } = operation();
    await upstream.send(get('/me'), scope).catch(() => {});
    const before = { ...upstream.stats.failures };
    disconnects();
    expect(upstream.stats.failures).toEqual(before);
    expect(before).toMatchObject({ cancelled: 0, 'invalid-response': status === 404 ? 1 : 0 });
  });

  it('ends the pause before a repeat', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const { scope, disconnects } = operation();
    const failure = failureOf(open(held.url, {}, { clock, random: () => 1 }).send(get('/me'), scope));
    json((await held.nth(0)).response, {}, 503);
    while (clock.pending.length < 2) await turns(1);
    disconnects();
    await expect(failure).resolves.toMatchObject({ failure: 'cancelled' });
    expect(clock.pending).toEqual([]);
    clock.advance(5_000);
    expect(held.requests).toHaveLength(1);
  });
});
