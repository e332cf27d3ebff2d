import type { RequestListener, ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { UNKNOWN_OWNER, type Caller } from '../../src/http/caller.ts';
import { Line } from '../../src/http/line.ts';
import type { UpstreamSettings } from '../../src/http/upstream.ts';
import { failureOf, get, hold, json, open, operation, serve, silence } from './rig.ts';

const mallory = 'mallory';
const as = (caller: Caller) => operation({}, caller).scope;
const count = (length: number) => Array.from({ length }, (_, index) => index);

describe('calls that wait', () => {
  it('are taken in turn by caller', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 1 });
    const calls = [
      ...count(4).map((n) => upstream.send(get(`/mallory/${n}`), as(mallory))),
      ...count(2).map((n) => upstream.send(get(`/ada/${n}`), as('ada'))),
      ...count(2).map((n) => upstream.send(get(`/grace/${n}`), as('grace'))),
    ];
    for (const index of calls.keys()) json((await held.nth(index)).response, {});
    await Promise.all(calls);
    expect(held.requests.map(({ request }) => request.url)).toEqual([
      '/mallory/0',
      '/ada/0',
      '/grace/0',
      '/mallory/1',
      '/ada/1',
      '/grace/1',
      '/mallory/2',
      '/mallory/3',
    ]);
  });

  it('are taken at the turn of whoever joined them, too', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 1 });
    const calls = count(6).map((n) => upstream.send(get(`/${n}`), as(mallory)));
    const joined = upstream.send(get('/5'), as('ada'));
    for (const index of count(3)) json((await held.nth(index)).response, {});
    await joined;
    expect(held.requests.slice(0, 3).map(({ request }) => request.url)).toEqual(['/0', '/5', '/1']);
    for (const index of count(3)) json((await held.nth(index + 3)).response, {});
    await Promise.all(calls);
    expect(upstream.stats).toMatchObject({ calls: 6, coalesced: 1, queued: 0, inFlight: 0 });
  });

  it('make room in a full line, if their caller has most of it', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 1, queue: 3 });
    const settled: string[] = [];
    const calls = count(4).map((n) =>
      upstream.send(get(`/mallory/${n}`), as(mallory)).then(
        () => settled.push(`${n} answered`),
        ({ failure }) => settled.push(`${n} ${failure}`),
      ),
    );
    await held.nth(0);
    const ada = upstream.send(get('/ada'), as('ada'));
    const grace = upstream.send(get('/grace'), as('grace'));
    expect(upstream.stats.queued).toBe(3);
    expect(await failureOf(upstream.send(get('/ada/2'), as('ada')))).toMatchObject({
      failure: 'unavailable',
    });
    for (const index of count(4)) json((await held.nth(index)).response, {});
    await Promise.all([...calls, ada, grace]);
    expect(settled.toSorted()).toEqual(['0 answered', '1 answered', '2 unavailable', '3 unavailable']);
  });
});

describe('one caller', () => {
  it('has a bounded number of the connections, and the others have the rest', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 8, connectionsPerCaller: 6 });
    const calls = count(20).map((n) => upstream.send(get(`/mallory/${n}`), as(mallory)));
    await held.nth(5);
    const ada = upstream.send(get('/ada'), as('ada'));
    const { request, response } = await held.nth(6);
    expect(request.url).toBe('/ada');
    json(response, {});
    await ada;
    for (const index of count(6)) json((await held.nth(index)).response, {});
    for (const index of count(14)) json((await held.nth(index + 7)).response, {});
    await Promise.all(calls);
    expect(upstream.stats).toMatchObject({ inFlight: 0, queued: 0 });
  });

  it('is everybody whose token is unknown: with a quarter of the connections and of the line', async () => {
    const held = await hold();
    const upstream = open(held.url, { connections: 8, queue: 40 });
    const calls = count(50).map((n) =>
      upstream.send(get('/me', `token ${n}`), as(UNKNOWN_OWNER)).catch(() => 'refused'),
    );
    await held.nth(1);
    expect(upstream.stats.refused).toBe(50 - 2 - 10);
    const known = count(6).map((n) => upstream.send(get('/me', `known ${n}`), as(`person ${n}`)));
    await held.nth(7);
    const asking = held.requests.map(({ request }) => request.headers.authorization);
    expect(asking.filter((who) => who?.startsWith('known'))).toHaveLength(6);
    for (const index of count(18)) json((await held.nth(index)).response, {});
    await Promise.all(known);
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => answer !== 'refused')).toHaveLength(12);
  });
});

it('at most 32 connections are being opened at a time', async () => {
  const silent = await silence();
  const upstream = open(silent.url, {
    connections: 128,
    connectionsPerCaller: 128,
    timeoutMs: 60_000,
    queue: 200,
  });
  const { scope, disconnects } = operation();
  const calls = count(100).map((n) => failureOf(upstream.send(get(`/${n}`), scope)));
  await silent.connected;
  expect(upstream.stats).toMatchObject({ inFlight: 32, queued: 68, sockets: 0 });
  disconnects();
  await Promise.all(calls);
  silent.ends();
});

describe('a burst', () => {
  /** Sixty calls, all answered over the one connection that there was: 32 more are being opened when they end. */
  async function burst(
    limits: Partial<UpstreamSettings>,
    listener: RequestListener,
    isKnownAfterwards: boolean,
  ) {
    const server = await serve(listener);
    const names = { isHeld: false, isKnown: true, asked: 0 };
    const held: (() => void)[] = [];
    const lookup: LookupFunction = (_host, _options, found) => {
      names.asked += 1;
      const unknown = names.isKnown ? null : Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
      const find = () => found(unknown, [{ address: '127.0.0.1', family: 4 }]);
      if (names.isHeld) held.push(find);
      else find();
    };
    const origin = server.url.replace('127.0.0.1', 'bird.example');
    const upstream = open(origin, { connections: 80, queue: 200, timeoutMs: 10_000, ...limits }, { lookup });
    await upstream.warm();
    names.isHeld = true;
    const again = () => Promise.all(count(60).map((n) => upstream.send(get(`/${n}`), operation().scope)));
    await again();
    const { asked } = names;
    Object.assign(names, { isHeld: false, isKnown: isKnownAfterwards });
    for (const find of held) find();
    await vi.waitUntil(() => upstream.stats.sockets >= 33, { interval: 5, timeout: 5_000 });
    return { upstream, names, again, asked };
  }

  it('has what it lacked opened when it is over, and the next finds it', async () => {
    const { upstream, names, again } = await burst({}, (_request, response) => json(response, {}), true);
    await vi.waitUntil(() => upstream.stats.sockets === 60, { interval: 5, timeout: 5_000 });
    const { asked } = names;
    await again();
    expect(names.asked).toBe(asked);
  });

  it('refuses nobody who is in line when what it lacked cannot be opened', async () => {
    const held: ServerResponse[] = [];
    let isHolding = false;
    const listener: RequestListener = (_request, response) =>
      isHolding ? void held.push(response) : json(response, {});
    const { upstream, names, asked } = await burst({ connectionsPerCaller: 2 }, listener, false);
    isHolding = true;
    // Two are on their way and six wait for these, over connections that are there, while others are tried in vain.
    const calls = count(8).map((n) => upstream.send(get(`/later/${n}`), as(mallory)));
    await vi.waitUntil(() => names.asked > asked, { interval: 5, timeout: 5_000 });
    await new Promise(setImmediate);
    await vi.waitUntil(() => {
      for (const response of held.splice(0)) json(response, {});
      return upstream.stats.inFlight + upstream.stats.queued === 0;
    });
    await expect(Promise.all(calls)).resolves.toHaveLength(8);
    expect(upstream.stats.state).toBe('closed');
  });
});

function next<T>(line: Line<T>, mayHave: (caller: Caller) => boolean = () => true): T | undefined {
  let served: T | undefined;
  line.serveNext(mayHave, (who) => (served = who));
  return served;
}

describe('a line', () => {
  it('forgets who has left, and keeps nothing of them', () => {
    const line = new Line<number>();
    const places = count(1_000).map((n) => line.join(n, 'mallory'));
    line.join(-1, 'ada');
    for (const place of places) place.leave();
    expect([line.size, line.waitingOf('mallory')]).toEqual([1, 0]);
    expect([next(line), next(line)]).toEqual([-1, undefined]);
  });

  it('passes over those who may have no more, and comes back to them', () => {
    const line = new Line<string>();
    for (const who of ['m1', 'm2']) line.join(who, 'mallory');
    line.join('a1', 'ada');
    const isNotMallory = (caller: Caller) => caller !== 'mallory';
    expect([next(line, isNotMallory), next(line, isNotMallory)]).toEqual(['a1', undefined]);
    expect([next(line), next(line)]).toEqual(['m1', 'm2']);
  });
});
