import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { practise } from '../../src/http/practice.ts';

it('to practise leaves nothing open', async () => {
  const sockets: Socket[] = [];
  const note = (made: unknown) => void sockets.push((made as { socket: Socket }).socket);
  for (const channel of ['net.client.socket', 'net.server.socket']) {
    subscribe(channel, note);
    onTestFinished(() => void unsubscribe(channel, note));
  }
  await practise();
  expect(sockets.length).toBeGreaterThan(2);
  await expect.poll(() => sockets.filter(({ destroyed }) => !destroyed)).toEqual([]);
});
