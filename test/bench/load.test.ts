import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Connection } from '../../bench/load.ts';

test.each(['before it is asked', 'while it answers'])(
  'a server that closes %s is an error, and no wait',
  async (when) => {
    const server = createServer((socket) => {
      if (when === 'before it is asked') socket.destroy();
      else socket.once('data', () => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const connection = new Connection((server.address() as AddressInfo).port);
    if (when === 'before it is asked') await expect.poll(() => connection.isClosed).toBe(true);
    await expect(connection.ask('GET / HTTP/1.1\r\n\r\n')).rejects.toThrow('closed the connection');
  },
);
