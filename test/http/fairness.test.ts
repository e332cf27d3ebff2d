import { describe, expect, it } from 'vitest';
import { UNKNOWN_OWNER, type Caller } from '../../src/http/caller.ts';
import { failureOf, get, hold, json, ManualClock, open, operation, serve } from './rig.ts';

const as = (caller: Caller) => operation({}, caller).scope;

/** A provider where some paths answer 500, 502 or nothing but a reset, by their name. */
async function stumbling() {
  const server = await serve((request, response) => {
    const [, status] =
      /(\d+)$/.exec(request.headers['authorization'] ?? '') ?? /^\/(\d+)/.exec(request.url ?? '') ?? [];
    if (status === '000') request.socket.resetAndDestroy();
    else json(response, {}, Number(status ?? 200));
  });
  const clock = new ManualClock();
  const upstream = open(server.url, { retries: 0 }, { clock, random: () => 0 });
  const ask = (path: string, caller: Caller, credential = 'service') =>
    upstream.send(get(path, credential), as(caller));
  return { clock, upstream, ask };
}

describe('one caller does not close a provider to everybody', () => {
  it.each(['/500', '/502', '/503', '/504', '/000'])(
    'with a record that ends in %s, however often',
    async (path) => {
      const { upstream, ask } = await stumbling();
      for (let time = 0; time < 50; time += 1) await failureOf(ask(path, 'mallory'));
      expect(upstream.stats.state).toBe('closed');
      await expect(ask('/well', 'ada')).resolves.toEqual({});
    },
  );

  it('with a record that many others ask for as well', async () => {
    const { upstream, ask } = await stumbling();
    for (let time = 0; time < 50; time += 1) await failureOf(ask('/503', `person ${time}`));
    expect(upstream.stats.state).toBe('closed');
  });

  it('with a list that is asked for in ever other pieces', async () => {
    const { upstream, ask } = await stumbling();
    for (let time = 0; time < 50; time += 1) await failureOf(ask(`/502?ids=${time}`, 'mallory'));
    expect(upstream.stats.state).toBe('closed');
  });

  it('with invented tokens on which the provider stumbles', async () => {
    const { upstream, ask } = await stumbling();
    for (let time = 0; time < 50; time += 1)
      await failureOf(ask('/me', UNKNOWN_OWNER, `invented ${time} 503`));
    expect(upstream.stats.state).toBe('closed');
    await expect(ask('/me', 'ada', 'of ada')).resolves.toEqual({});
  });

  it('with such tokens as trials: the next of somebody else is one at once', async () => {
    const { clock, upstream, ask } = await stumbling();
    for (let time = 0; time < 5; time += 1) await failureOf(ask(`/503/${time}`, `person ${time}`));
    expect(upstream.stats.state).toBe('open');
    clock.advance(2_500);
    await failureOf(ask('/me', UNKNOWN_OWNER, 'invented 503'));
    await failureOf(ask('/me', UNKNOWN_OWNER, 'another 503'));
    await expect(ask('/me', 'ada', 'of ada')).resolves.toEqual({});
    expect(upstream.stats.state).toBe('closed');
  });

  it('by leaving each trial before it is answered', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, { retries: 0 }, { clock });
    for (let call = 0; call < 5; call += 1) {
      const failure = failureOf(upstream.send(get(`/${call}`), operation().scope));
      json((await held.nth(call)).response, {}, 503);
      await failure;
    }
    clock.advance(2_500);
    for (let time = 0; time < 20; time += 1) {
      const { scope, disconnects } = operation({}, UNKNOWN_OWNER);
      const gone = failureOf(upstream.send(get('/me', `invented ${time}`), scope));
      if (time === 0) await held.nth(5);
      disconnects();
      await gone;
    }
    expect(held.requests).toHaveLength(6);
    json((await held.nth(5)).response, {}, 401);
    while (upstream.stats.state !== 'closed') await new Promise(setImmediate);
    const answer = upstream.send(get('/me'), as('ada'));
    json((await held.nth(6)).response, 'Ada');
    await expect(answer).resolves.toBe('Ada');
  });

  it('but one that is down for three of them is soon found out', async () => {
    const { upstream, ask } = await stumbling();
    for (const person of ['ada', 'grace', 'linus'])
      for (const page of [1, 2]) await failureOf(ask(`/503/${person}/${page}`, person));
    expect(upstream.stats.state).toBe('open');
  });
});
