import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { practise } from '../../src/http/practice.ts';

it('to practise leaves nothing open', async () => {
  const sockets: Socket[] = [];
  let port = 0;
  const note = (made: unknown) => {
    const { socket } = made as { socket: Socket };
    sockets.push(socket);
    socket.once('connect', () => (port = socket.remotePort ?? 0));
  };
  for (const channel of ['net.client.socket', 'net.server.socket']) {
    subscribe(channel, note);
    onTestFinished(() => void unsubscribe(channel, note));
  }
  await practise();
  expect(sockets.length).toBeGreaterThan(2);
  await expect.poll(() => sockets.filter(({ destroyed }) => !destroyed)).toEqual([]);
  const [error] = (await once(connect({ port, host: '127.0.0.1' }), 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});
