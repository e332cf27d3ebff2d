import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { OperationScope } from './call.ts';
import { Lifetime } from './lifetime.ts';
import { openUpstream } from './upstream.ts';

// As in proxy.ts.
const { createServer } = process.getBuiltinModule('node:http');

/** More of them change little: V8 has compiled by then what a call goes through, and begun to optimise it. */
const CALLS = 100;
const AT_ONCE = 10;

/**
 * Makes calls to a server of its own on loopback, which is gone afterwards. The first who ask need not wait until V8 has
 * read and compiled what a call goes through: the first hundred calls of a process take little more than half the
 * processor time (docs/performance.md). Never rejects: without it all works, but slower at first.
 */
export async function practise(): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"1"}]}');
  });
  // Also of one that it tells of later: unheard, it would end the process.
  server.on('error', () => {});
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await callThrough((server.address() as AddressInfo).port);
  } catch {
    // Where there is no loopback, or nobody may listen on it.
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function callThrough(port: number): Promise<void> {
  const upstream = openUpstream({
    name: 'practice',
    baseUrl: `http://127.0.0.1:${port}`,
    timeoutMs: 1_000,
    connections: AT_ONCE,
    connectionsPerCaller: AT_ONCE,
    keepAliveMs: 1_000,
    queue: AT_ONCE,
    retries: 1,
  });
  const scope: OperationScope = { lifetime: new Lifetime(), caller: {}, headers: {}, countCall: () => {} };
  const call = (n: number) => ({ path: `/${n}`, credential: '', headers: {}, on: { ok: () => null } });
  try {
    for (let made = 0; made < CALLS; made += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => upstream.send(call(made + at), scope)));
  } finally {
    await upstream.close();
  }
}
