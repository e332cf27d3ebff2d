import diagnostics from 'node:diagnostics_channel';
import { Client } from 'undici';
import { describe, expect, it } from 'vitest';
import type { UpstreamTools } from '../../src/http/upstream.ts';
import { failureOf, get, hold, json, ManualClock, open, operation, serve, silence } from './rig.ts';

/** A provider that goes through these statuses, then stays well; and how it was asked. */
async function going(...statuses: (number | 'reset')[]) {
  const asked: string[] = [];
  const server = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const status = statuses.shift() ?? 200;
    if (status === 'reset') request.socket.resetAndDestroy();
    else json(response, { status }, status);
  });
  return { url: server.url, asked };
}

/** No waiting: what is drawn is always nothing. */
const atOnce: UpstreamTools = { random: () => 0 };

describe('a GET', () => {
  it.each([429, 502, 503, 504, 'reset'] as const)('is repeated after %s', async (trouble) => {
    const provider = await going(trouble);
    const upstream = open(provider.url, {}, atOnce);
    await expect(upstream.send(get('/me'), operation().scope)).resolves.toEqual({ status: 200 });
    expect(provider.asked).toEqual(['GET /me', 'GET /me']);
    expect(upstream.stats).toMatchObject({ calls: 2, retries: 1, inFlight: 0 });
  });

  it.each([408, 421])('is repeated once after %i, over another connection', async (status) => {
    const ports: (number | undefined)[] = [];
    const server = await serve((request, response) => {
      ports.push(request.socket.remotePort);
      json(response, {}, status);
    });
    await failureOf(open(server.url, { retries: 3 }, atOnce).send(get('/me'), operation().scope));
    expect(ports).toHaveLength(2);
    expect(ports[0]).not.toBe(ports[1]);
  });

  it.each([400, 401, 403, 404, 500, 501])('is not repeated after %s', async (status) => {
    const provider = await going(status);
    await failureOf(open(provider.url, {}, atOnce).send(get('/me'), operation().scope));
    expect(provider.asked).toEqual(['GET /me']);
  });

  it('is repeated as often as the settings say', async () => {
    const provider = await going(503, 503, 503);
    const upstream = open(provider.url, { retries: 2 }, atOnce);
    const failure = await failureOf(upstream.send(get('/me'), operation().scope));
    expect(failure).toMatchObject({ failure: 'unavailable', status: 503 });
    expect(provider.asked).toHaveLength(3);
  });

  it('is not repeated when the settings say so', async () => {
    const provider = await going(503);
    await failureOf(open(provider.url, { retries: 0 }, atOnce).send(get('/me'), operation().scope));
    expect(provider.asked).toHaveLength(1);
  });

  it('is repeated when the server has given up a connection that was kept', async () => {
    let requests = 0;
    const server = await serve((request, response) => {
      requests += 1;
      // The second request comes on a kept connection, and meets a server that has just closed it.
      if (requests === 2) request.socket.destroy();
      else json(response, { requests });
    });
    const upstream = open(server.url, { connections: 1 });
    await upstream.send(get('/1'), operation().scope);
    await expect(upstream.send(get('/2'), operation().scope)).resolves.toEqual({ requests: 3 });
  });

  it('leaves the code of a broken connection in the log, and nothing else of it', async () => {
    const lines: object[] = [];
    const note = (line: object) => lines.push(line);
    const server = await serve(() => {});
    await new Promise((resolve) => server.close(resolve));
    const upstream = open(server.url, {}, { ...atOnce, log: { info: note, warn: note } });
    await failureOf(upstream.send(get('/me?api_key=secret', 'secret'), operation().scope));
    const why = 'Nobody listens at its address and port.';
    const fault = { fault: 'refused', why };
    const line = { provider: 'bird', broken: 'unreachable', code: 'ECONNREFUSED', sent: false, ...fault };
    expect(lines).toEqual([
      { ...line, attempt: 1 },
      { ...line, attempt: 2 },
    ]);
  });

  it('waits as long as the provider asks, and no longer', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, {}, { clock, random: () => 0.5 });
    const answer = upstream.send(get('/me'), operation().scope);
    const { response } = await held.nth(0);
    response.setHeader('retry-after', '1');
    json(response, {}, 503);
    await untilPending(clock, [1_050, 2_500]);
    clock.advance(1_049);
    expect(held.requests).toHaveLength(1);
    clock.advance(1);
    json((await held.nth(1)).response, { well: true });
    await expect(answer).resolves.toEqual({ well: true });
    expect(clock.pending).toEqual([]);
  });

  it('fails at once when the provider asks for longer than is left', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const answer = failureOf(open(held.url, {}, { clock }).send(get('/me'), operation().scope));
    const { response } = await held.nth(0);
    response.setHeader('retry-after', '3');
    json(response, {}, 503);
    await expect(answer).resolves.toMatchObject({
      failure: 'unavailable',
      retryable: true,
      retryAfterSeconds: 3,
    });
    expect(held.requests).toHaveLength(1);
    expect(clock.pending).toEqual([]);
  });
});

describe('steady failure', () => {
  it.each([
    [429, 218],
    [502, 200],
  ])('adds at most 12 percent of calls when it is %i', async (status, least) => {
    const asked = Array.from({ length: 1_000 }, () => status);
    const provider = await going(...asked);
    const clock = new ManualClock();
    const upstream = open(provider.url, {}, { ...atOnce, clock });
    for (let call = 0; call < 200; call += 1) {
      await failureOf(upstream.send(get(`/${call}`), operation().scope));
      // The breaker lets a call through now and then only; here, each one is let through.
      clock.advance(2_500);
    }
    expect(provider.asked.length).toBeGreaterThanOrEqual(least);
    expect(provider.asked.length).toBeLessThanOrEqual(224);
  });
});

describe('the time limit', () => {
  it('is one for all attempts', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, {}, { ...atOnce, clock });
    const failure = failureOf(upstream.send(get('/me'), operation().scope));
    const first = await held.nth(0);
    clock.advance(2_000);
    json(first.response, {}, 503);
    await held.nth(1);
    clock.advance(499);
    expect(upstream.stats.inFlight).toBe(1);
    clock.advance(1);
    await expect(failure).resolves.toMatchObject({
      failure: 'timeout',
      retryable: true,
      outcomeUnknown: false,
    });
    expect(upstream.stats).toMatchObject({ inFlight: 0, failures: { timeout: 1 } });
  });

  it('is not defeated by a drip', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, {}, { clock });
    const failure = failureOf(upstream.send(get('/me'), operation().scope));
    const { response } = await held.nth(0);
    response.writeHead(200, { 'content-type': 'application/json' });
    const gone = new Promise((resolve) => response.once('close', resolve));
    for (let byte = 0; byte < 25; byte += 1) {
      await new Promise<void>((sent) => response.write(' ', () => sent()));
      clock.advance(100);
    }
    await expect(failure).resolves.toMatchObject({ failure: 'timeout' });
    await gone;
  });

  it('does not hide a status that has come', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, {}, { clock });
    const failure = failureOf(upstream.send(get('/me'), operation().scope));
    const { response } = await held.nth(0);
    const headRead = new Promise((resolve) => diagnostics.subscribe('undici:request:headers', resolve));
    response.writeHead(403);
    response.write('a body without end');
    await headRead;
    clock.advance(2_500);
    await expect(failure).resolves.toMatchObject({ failure: 'credentials-rejected', status: 403 });
  });

  it('covers the wait for a connection', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, { connections: 1 }, { clock });
    void failureOf(upstream.send(get('/1'), operation().scope));
    await held.nth(0);
    clock.advance(1_500);
    const second = failureOf(upstream.send(get('/2'), operation().scope));
    const third = failureOf(upstream.send(get('/3'), operation().scope));
    expect(upstream.stats.queued).toBe(2);
    clock.advance(1_000);
    await held.nth(1);
    clock.advance(1_500);
    await expect(second).resolves.toMatchObject({ failure: 'timeout' });
    await expect(third).resolves.toMatchObject({ failure: 'timeout' });
    expect(held.requests.map(({ request }) => request.url)).toEqual(['/1', '/2']);
  });

  it('is not begun with less left than an answer takes: the call is refused, and the provider not blamed', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, { connections: 1 }, { clock });
    const first = upstream.send(get('/0'), operation().scope);
    await held.nth(0);
    const late = Array.from({ length: 10 }, (_, n) =>
      failureOf(upstream.send(get(`/${n + 1}`), operation().scope)),
    );
    clock.advance(1_200);
    const inTime = upstream.send(get('/11'), operation().scope);
    json((await held.nth(0)).response, {});
    await first;
    for (const failure of await Promise.all(late))
      expect(failure).toMatchObject({ failure: 'unavailable', retryable: true, retryAfterSeconds: 1 });
    json((await held.nth(1)).response, {});
    await inTime;
    expect(held.requests.map(({ request }) => request.url)).toEqual(['/0', '/11']);
    expect(upstream.stats).toMatchObject({ refused: 10, state: 'closed', queued: 0 });
  });

  it('is used to the last by those whose answers take little', async () => {
    const clock = new ManualClock();
    const held = await hold();
    const upstream = open(held.url, { connections: 1 }, { clock });
    const calls = Array.from({ length: 12 }, (_, n) => upstream.send(get(`/${n}`), operation().scope));
    for (const [n, call] of calls.entries()) {
      const { response } = await held.nth(n);
      clock.advance(200);
      json(response, { n });
      await expect(call).resolves.toEqual({ n });
      if (n === 10) break; // 300 ms are left: less than 200 and a tenth of the time
    }
    expect(await failureOf(calls[11] as Promise<unknown>)).toMatchObject({ failure: 'unavailable' });
  });

  it('covers the establishing of a connection', async () => {
    const clock = new ManualClock();
    const silent = await silence();
    const upstream = open(silent.url, {}, { clock });
    const failure = failureOf(upstream.send(get('/me'), operation().scope));
    await silent.connected;
    clock.advance(2_500);
    await expect(failure).resolves.toMatchObject({ failure: 'timeout', retryable: true });
    silent.ends();
  });

  it('leaves time for a second attempt when a connection cannot be established', async () => {
    const silent = await silence();
    const upstream = open(silent.url, { timeoutMs: 1_000, retries: 0 }, { clock: new ManualClock() });
    const failure = failureOf(upstream.send(get('/me'), operation().scope));
    await silent.connected;
    // Measured in the half seconds that undici counts, which are the same for both however busy the machine is.
    const whole = new Client(silent.url, { connect: { timeout: 1_000 } });
    const tooLate = whole.request({ method: 'GET', path: '/' }).catch(() => 'all of the time has passed');
    expect(await Promise.race([failure, tooLate])).toMatchObject({ failure: 'timeout', retryable: true });
    silent.ends();
  });
});

/** Waits for network events until the clock has these timers. */
async function untilPending(clock: ManualClock, timers: number[]): Promise<void> {
  while (clock.pending.join() !== timers.join()) await new Promise(setImmediate);
}
