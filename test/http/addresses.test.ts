import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { get, open, operation } from './rig.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((of) => of?.some(({ address }) => address === '::1'));

/** A provider of its own process on an address of loopback; it answers which one it is. */
async function listenOn(host: '127.0.0.1' | '::1', port: number) {
  const code = `require('node:http').createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify('${host}'));
  }).listen({ port: ${port}, host: '${host}', backlog: 1 }, () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return {
    /**
     * From now on packets to it are lost, as where no way leads: the system accepts no further connection for a process
     * that accepts none itself.
     */
    async isUnreachable() {
      child.kill('SIGSTOP');
      const connecting = Array.from({ length: 4 }, () => connect(port, host).on('error', () => {}));
      onTestFinished(() => connecting.forEach((socket) => socket.destroy()));
      // It has room for two.
      let connected = 0;
      await new Promise<void>((resolve) => {
        for (const socket of connecting) socket.once('connect', () => (connected += 1) === 2 && resolve());
      });
    },
    isBack: () => child.kill('SIGCONT'),
    async ends() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '::1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Finds these addresses, in this order. */
const finds =
  (looked: () => void, ...found: ('127.0.0.1' | '::1')[]): LookupFunction =>
  (_host, _options, callback) => {
    looked();
    const addresses = found.map((address) => ({ address, family: address === '::1' ? 6 : 4 }));
    callback(null, addresses);
  };

describe.skipIf(process.platform !== 'linux' || !hasIPv6)('a provider with two addresses', () => {
  it('is reached over the other when one leads nowhere, and then over that one first', async () => {
    const port = await freePort();
    const [nowhere] = await Promise.all([listenOn('::1', port), listenOn('127.0.0.1', port)]);
    await nowhere.isUnreachable();
    const lookup = finds(() => {}, '::1', '127.0.0.1');
    const upstream = open(`http://bird.test:${port}`, {}, { lookup });
    const two = () => ['/1', '/2'].map((path) => upstream.send(get(path), operation().scope));
    expect(await upstream.send(get('/me'), operation().scope)).toBe('127.0.0.1');
    // Of the next two one needs a connection of its own; both addresses lead somewhere now.
    nowhere.isBack();
    expect(await Promise.all(two())).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(upstream.stats).toMatchObject({ sockets: 2, retries: 0 });
  });

  it('is reached when it is farther away than a quarter of a second, and the other leads nowhere', async () => {
    const port = await freePort();
    const far = await listenOn('127.0.0.1', port);
    const nowhere = await listenOn('::1', port);
    await Promise.all([far.isUnreachable(), nowhere.isUnreachable()]);
    // Its answer to the first packet is lost, so that it answers the second, a second later.
    const lookup = finds(() => setImmediate(far.isBack), '127.0.0.1', '::1');
    const upstream = open(`http://bird.test:${port}`, { timeoutMs: 15_000, retries: 0 }, { lookup });
    expect(await upstream.send(get('/me'), operation().scope)).toBe('127.0.0.1');
  });
});
