import { randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureVersion, TLSSocket } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Authority, type Identity, trust } from '../support/authority.ts';
import { startProxy } from '../support/proxy.ts';
import { failureOf, get, json, open, operation } from './rig.ts';

const authority = new Authority();
trust(authority);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A provider over TLS that has one request for each connection, and says of each whether its session was resumed. */
async function serveTls(identity: Identity & { ticketKeys?: Buffer }, maxVersion: SecureVersion = 'TLSv1.3') {
  const resumed: boolean[] = [];
  const server = createServer({ ...identity, maxVersion }, (_request, response) => {
    response.setHeader('connection', 'close');
    json(response, {});
  });
  server.on('secureConnection', (socket: TLSSocket) => resumed.push(socket.isSessionReused()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, resumed };
}

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a session of %s is resumed though garbage has been collected since',
  async (version) => {
    const { url, resumed } = await serveTls(authority.issue(), version);
    const upstream = open(url);
    await upstream.send(get('/1'), operation().scope);
    await vi.waitUntil(() => upstream.stats.sockets === 0, { interval: 1 });
    // What a weak reference leads to lives on until the end of the turn in which it was read.
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise(setImmediate);
      collectGarbage();
    }
    await upstream.send(get('/2'), operation().scope);
    expect(resumed).toEqual([false, true]);
  },
);

it('a session with the proxy vouches for the proxy alone', async () => {
  // Whoever shares these keys resumes a session that the other has begun, and no certificate is shown again.
  const ticketKeys = randomBytes(48);
  const { url } = await serveTls({ ...authority.issue({ hosts: ['bird.example'] }), ticketKeys });
  const proxy = await startProxy({ identity: Object.assign(authority.issue(), { ticketKeys }) });
  onTestFinished(() => proxy.ends());
  const upstream = open(url, { proxy: { ...proxy, authorization: null } });
  for (let call = 0; call < 3; call += 1)
    expect(await failureOf(upstream.send(get('/me', `${call}`), operation().scope))).toMatchObject({
      failure: 'unreachable',
      retryable: false,
    });
  expect(upstream.stats.connectionFaults['certificate-for-another-host']).toBe(3);
});
