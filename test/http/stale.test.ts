import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { failureOf, get, json, ManualClock, open, operation, serve } from './rig.ts';

/** A server that closes a connection as soon as something is asked on it that `closes` says; and what it was asked. */
async function closing(closes: (nthOnConnection: number, request: IncomingMessage) => boolean) {
  const asked: string[] = [];
  const counts = new Map<Socket, number>();
  const state = { status: 200 };
  const server = await serve((request: IncomingMessage, response: ServerResponse) => {
    const nth = (counts.get(request.socket) ?? 0) + 1;
    counts.set(request.socket, nth);
    asked.push(`${request.method} ${nth}`);
    if (closes(nth, request)) request.socket.resetAndDestroy();
    else json(response, {}, state.status);
  });
  return { url: server.url, asked, state, connections: () => counts.size };
}

const patch = {
  method: 'PATCH',
  path: '/me',
  credential: 'ada',
  headers: {},
  body: { name: 'Ada' },
  on: { ok: (body: unknown) => body },
} as const;

describe('a connection that the other side has given up', () => {
  it('is nobody’s trouble: each GET that meets one is sent again, without end and whatever the settings say', async () => {
    const server = await closing((nth) => nth === 2);
    const upstream = open(server.url, { retries: 0 });
    for (let call = 0; call < 100; call += 1)
      await expect(upstream.send(get(`/${call}`), operation().scope)).resolves.toEqual({});
    expect(upstream.stats).toMatchObject({
      state: 'closed',
      stale: 99,
      inFlight: 0,
      failures: { unreachable: 0 },
    });
  });

  it('is not used again by any of forty reads at once', async () => {
    const server = await closing((nth) => nth === 2);
    const upstream = open(server.url, { connections: 64, connectionsPerCaller: 64 });
    const burst = (name: string) =>
      Promise.all(
        Array.from({ length: 40 }, (_, n) => upstream.send(get(`/${name}/${n}`), operation().scope)),
      );
    await burst('first');
    await expect(burst('second')).resolves.toHaveLength(40);
    expect(upstream.stats.state).toBe('closed');
  });

  it('is nobody’s trouble either when calls stand in line, so that it never rested', async () => {
    const server = await closing((nth) => nth === 2);
    const upstream = open(server.url, { connections: 2, retries: 0 });
    const calls = Array.from({ length: 40 }, (_, n) => upstream.send(get(`/${n}`), operation().scope));
    await expect(Promise.all(calls)).resolves.toHaveLength(40);
    expect(upstream.stats).toMatchObject({ state: 'closed', failures: { unreachable: 0 } });
  });

  it('excuses one attempt: a new connection that breaks is trouble', async () => {
    const server = await closing((_nth, { url }) => url !== '/fine');
    const upstream = open(server.url, { retries: 0 });
    await upstream.send(get('/fine'), operation().scope);
    await expect(failureOf(upstream.send(get('/1'), operation().scope))).resolves.toMatchObject({
      failure: 'unreachable',
    });
    for (let call = 2; call <= 5; call += 1)
      await failureOf(upstream.send(get(`/${call}`), operation().scope));
    expect(upstream.stats).toMatchObject({ state: 'open', stale: 1 });
  });

  it('is not excused once part of an answer has come', async () => {
    let requests = 0;
    const server = await serve((request, response) => {
      requests += 1;
      if (requests === 1) return json(response, {});
      request.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nnot all');
    });
    const upstream = open(server.url, { connections: 1, retries: 0 });
    await upstream.send(get('/1'), operation().scope);
    await failureOf(upstream.send(get('/2'), operation().scope));
    expect(requests).toBe(2);
  });

  it('does not end a trial: it is made again', async () => {
    const clock = new ManualClock();
    const server = await closing((nth, { url }) => nth > 1 && url === '/trial');
    const upstream = open(server.url, { retries: 0 }, { clock });
    server.state.status = 503;
    for (let call = 0; call < 5; call += 1)
      await failureOf(upstream.send(get(`/${call}`), operation().scope));
    server.state.status = 200;
    expect(upstream.stats.state).toBe('open');
    clock.advance(2_500);
    await expect(upstream.send(get('/trial'), operation().scope)).resolves.toEqual({});
    expect(upstream.stats).toMatchObject({ state: 'closed', stale: 1 });
  });

  it('cannot be met by a write, which has a new one', async () => {
    const server = await closing((nth) => nth === 2);
    const upstream = open(server.url, { connections: 1 });
    for (let round = 0; round < 5; round += 1) {
      await upstream.send(get('/me'), operation().scope);
      await expect(upstream.send(patch, operation().scope)).resolves.toEqual({});
    }
    expect(server.asked.filter((request) => request.startsWith('PATCH'))).toEqual(Array(5).fill('PATCH 1'));
  });
});

describe('a connection that is kept', () => {
  it('serves one request after the other, though the server says that it keeps it for two seconds', async () => {
    const hints: string[] = [];
    const connections = new Set<Socket>();
    const server = await serve((request, response) => {
      connections.add(request.socket);
      hints.push('timeout=2');
      response.setHeader('connection', 'keep-alive');
      response.setHeader('keep-alive', 'timeout=2');
      json(response, {});
    });
    const upstream = open(server.url);
    for (let call = 0; call < 5; call += 1) await upstream.send(get('/me'), operation().scope);
    expect(hints).toHaveLength(5);
    expect(connections.size).toBe(1);
  });

  it.each([
    ['the settings say', 10, 'timeout=60'],
    ['the server says', 55_000, 'timeout=1'],
  ])('is closed when %s so', async (_who, keepAliveMs, hint) => {
    const server = await serve((_request, response) => {
      response.setHeader('connection', 'keep-alive');
      response.setHeader('keep-alive', hint);
      json(response, {});
    });
    const closed = new Promise((resolve) =>
      server.once('connection', (socket) => socket.once('close', resolve)),
    );
    const upstream = open(server.url, { keepAliveMs });
    await upstream.send(get('/me'), operation().scope);
    await closed;
    while (upstream.stats.sockets > 0) await new Promise(setImmediate);
  });

  it('may have been opened before it was needed', async () => {
    const server = await closing(() => false);
    const upstream = open(server.url);
    await upstream.warm();
    expect(upstream.stats).toMatchObject({ sockets: 1, inFlight: 0, calls: 0 });
    await upstream.send(get('/me'), operation().scope);
    expect(server.connections()).toBe(1);
  });

  it('and was never used may have been given up as well', async () => {
    const server = await serve((_request, response) => json(response, {}));
    const opened = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const upstream = open(server.url);
    await upstream.warm();
    (await opened).destroy();
    await expect(upstream.send(get('/me'), operation().scope)).resolves.toEqual({});
    expect(upstream.stats.state).toBe('closed');
  });
});
