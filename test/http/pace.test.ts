import { describe, expect, it } from 'vitest';
import { failureOf, get, json, ManualClock, open, operation, serve } from './rig.ts';

/** A provider that answers so many calls a second with one credential, and how it was asked. */
async function allowing(
  perSecond: number,
  { refusal = 429, ...tools }: { random?: () => number; refusal?: number } = {},
) {
  const clock = new ManualClock();
  const answered: string[] = [];
  const used = new Map<string, number>();
  const server = await serve((request, response) => {
    const second = `${request.headers.authorization} ${Math.floor(clock.now() / 1_000)}`;
    const count = (used.get(second) ?? 0) + 1;
    used.set(second, count);
    if (count <= perSecond) answered.push(request.url ?? '');
    if (refusal === 403) response.setHeader('retry-after', '0');
    json(response, {}, count <= perSecond ? 200 : refusal);
  });
  const upstream = open(
    server.url,
    { connections: 200, connectionsPerCaller: 200, queue: 1_000, retries: 0 },
    { clock, ...tools },
  );
  const ask = (caller: string, path: string, credential = 'service') =>
    upstream.send(get(path, credential), operation({}, caller).scope);
  return { clock, answered, upstream, ask };
}

const count = (length: number) => Array.from({ length }, (_, index) => index);

/** Lets time pass until a call has its answer. */
async function inTime<T>(clock: ManualClock, call: Promise<T>): Promise<T> {
  const state = { isOver: false };
  const watched = call.finally(() => (state.isOver = true));
  watched.catch(() => {});
  while (!state.isOver) {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    clock.advance(10);
  }
  return watched;
}

describe('a provider that allows so many calls a second', () => {
  it.each([
    ['has said so', 429],
    ['has said that a quota is used up, and until when', 403],
  ])('is asked no faster once it %s, and whoever asks for little is not refused', async (_, refusal) => {
    const { clock, upstream, ask } = await allowing(50, { refusal });
    await Promise.allSettled(count(100).map((n) => ask('mallory', `/first/${n}`)));
    clock.advance(1_000);
    const { calls } = upstream.stats;
    const greedy = count(200).map((n) => ask('mallory', `/again/${n}`).catch(() => 'refused'));
    for (const person of ['ada', 'grace', 'linus'])
      await expect(inTime(clock, ask(person, `/${person}`))).resolves.toEqual({});
    expect(upstream.stats.calls - calls).toBeLessThanOrEqual(20);
    await inTime(clock, Promise.all(greedy));
    expect(upstream.stats).toMatchObject({ state: 'closed', inFlight: 0, queued: 0 });
  });

  it('is asked with other credentials as before', async () => {
    const { ask } = await allowing(5);
    await Promise.allSettled(count(20).map((n) => ask('mallory', `/${n}`, 'of mallory')));
    await expect(Promise.all(count(5).map((n) => ask('ada', `/${n}`, 'of ada')))).resolves.toHaveLength(5);
  });

  it('does not slow anybody after a refusal or two', async () => {
    const { ask, clock } = await allowing(98);
    await Promise.allSettled(count(100).map((n) => ask('ada', `/${n}`)));
    clock.advance(1_000);
    await expect(Promise.all(count(98).map((n) => ask('ada', `/again/${n}`)))).resolves.toHaveLength(98);
  });

  it('is asked as before when it has said nothing of the kind for a minute', async () => {
    const { ask, clock } = await allowing(50);
    await Promise.allSettled(count(100).map((n) => ask('ada', `/${n}`)));
    clock.advance(61_000);
    await expect(Promise.all(count(50).map((n) => ask('ada', `/again/${n}`)))).resolves.toHaveLength(50);
  });

  it('has nobody waiting in vain: what cannot have its turn in time fails', async () => {
    const { ask, clock, upstream } = await allowing(10);
    await Promise.allSettled(count(30).map((n) => ask('mallory', `/${n}`)));
    const late = count(100).map((n) => failureOf(ask('mallory', `/again/${n}`)).catch(() => null));
    const failures = await inTime(clock, Promise.all(late));
    const kinds = new Set(failures.map((failure) => failure?.failure));
    expect(
      [...kinds].every((kind) => !kind || ['timeout', 'unavailable', 'rate-limited'].includes(kind)),
    ).toBe(true);
    expect(upstream.stats.queued).toBe(0);
    expect(clock.pending).toEqual([]);
  });
});
