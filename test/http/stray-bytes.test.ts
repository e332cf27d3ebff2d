import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Caller, UNKNOWN_OWNER } from '../../src/http/caller.ts';
import { get, open, operation } from './rig.ts';

/** A server that says who asked, by `answer`, which may say more than that. */
async function speaking(answer: (socket: Socket, text: string) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const body = JSON.stringify(/authorization: (.*)\r/.exec(text.slice(0, end + 1))?.[1]);
        answer(
          socket,
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
        text = text.slice(end + 4);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

it('a provider that answers twice does not tell anybody whose token another’s is', async () => {
  const { url } = await speaking((socket, text) => {
    socket.write(text, 'latin1');
    setTimeout(() => !socket.destroyed && socket.write(text, 'latin1'), 2);
  });
  const upstream = open(url, { connections: 1, timeoutMs: 60_000, queue: 400, retries: 0 });
  const tokens = Array.from({ length: 60 }, (_, n) => `token-${n}`);
  const owners = await Promise.all(
    tokens.map((token) => upstream.send(get('/me', token), operation({}, UNKNOWN_OWNER).scope)),
  );
  expect(owners).toEqual(tokens);
});

describe('an unknown token', () => {
  async function asking() {
    const { url, sockets } = await speaking((socket, text) => socket.write(text, 'latin1'));
    const time = { now: 0 };
    const upstream = open(url, {}, { clock: { now: () => time.now, setTimeout, clearTimeout } });
    return {
      time,
      sockets,
      ask: (token: string, caller: Caller = UNKNOWN_OWNER) =>
        upstream.send(get('/me', token), operation({}, caller).scope),
      untilOpen: (count: number) => vi.waitUntil(() => upstream.stats.sockets === count, { interval: 1 }),
    };
  }

  it('does not wait for a new connection: after the one before another is opened', async () => {
    const { sockets, ask, untilOpen } = await asking();
    await ask('1');
    await untilOpen(2);
    await ask('2');
    expect(sockets.map(({ bytesRead }) => bytesRead > 0)).toEqual([true, true]);
  });

  it('finds the connection that was opened for it, whoever has asked since', async () => {
    const { sockets, ask, untilOpen } = await asking();
    await ask('1');
    await untilOpen(2);
    await ask('2', 'somebody known');
    await ask('3', 'somebody known');
    expect(sockets[1]).toHaveProperty('bytesRead', 0);
    await ask('4');
    expect(sockets[1]?.bytesRead).toBeGreaterThan(0);
  });

  it('is asked about on a kept connection when nothing has come over it for a while', async () => {
    const { sockets, time, ask, untilOpen } = await asking();
    await ask('1');
    await untilOpen(2);
    await ask('2');
    await untilOpen(3);
    time.now += 1_000;
    await ask('3');
    await ask('4');
    await new Promise(setImmediate);
    expect(sockets).toHaveLength(3);
  });
});

it.each([
  ['with an answer', (text: string) => text + text],
  ['that are not HTTP', (text: string) => `${text}surely not HTTP`],
])('bytes %s that nobody asked for close their connection, and are told of', async (_which, make) => {
  const { url, sockets } = await speaking((socket, text) => socket.write(make(text), 'latin1'));
  let told = 0;
  const upstream = open(url, {}, { onStrayBytes: () => (told += 1) });
  await expect(upstream.send(get('/me', 'ada'), operation().scope)).resolves.toBe('ada');
  await expect(upstream.send(get('/me', 'grace'), operation().scope)).resolves.toBe('grace');
  expect(sockets).toHaveLength(2);
  await vi.waitUntil(() => told === 2, { interval: 1 });
});

it('bytes on a connection that is kept, or was never used, are told of', async () => {
  const { url, sockets } = await speaking((socket, text) => socket.write(text, 'latin1'));
  let told = 0;
  const upstream = open(url, {}, { onStrayBytes: () => (told += 1) });
  await upstream.warm();
  while (sockets.length === 0) await new Promise(setImmediate);
  sockets[0]?.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n');
  await vi.waitUntil(() => told === 1, { interval: 1 });
  await upstream.send(get('/me', 'ada'), operation().scope);
  sockets.at(-1)?.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  await vi.waitUntil(() => told === 2, { interval: 1 });
  expect(upstream.stats).toMatchObject({ sockets: 0, state: 'closed' });
});
