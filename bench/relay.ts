import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server on this machine, as long as one to another town. */
export interface Relay {
  port: number;
  /** Milliseconds there and back, for what is sent from now on. */
  roundTripMs: number;
  /** Connections since the start. */
  connections: number;
  /** Connections that are open now. */
  open: number;
}

/**
 * Passes bytes on, in their order, each half of a round trip later. Loopback connects at once, so the first bytes of a
 * connection are a round trip later still: as if it had been made then.
 */
export async function startRelay(to: number): Promise<Relay> {
  const relay: Relay = { port: 0, roundTripMs: 0, connections: 0, open: 0 };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    relay.connections += 1;
    relay.open += 1;
    client.once('close', () => (relay.open -= 1));
    const onward = connect({ port: to, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    passOn(client, onward, relay, relay.roundTripMs);
    passOn(onward, client, relay, 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  relay.port = (server.address() as AddressInfo).port;
  return relay;
}

function passOn(from: Socket, to: Socket, relay: Relay, moreAtFirst: number): void {
  const acts: (() => void)[] = [];
  const connectedAt = performance.now() + moreAtFirst;
  /** Timers of different lengths may end in another order than they should: whichever ends, the oldest act is done. */
  function later(act: () => void): void {
    acts.push(act);
    const untilConnected = Math.max(0, connectedAt - performance.now());
    setTimeout(() => acts.shift()?.(), untilConnected + relay.roundTripMs / 2);
  }
  from.on('data', (chunk: Buffer) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => later(() => to.resetAndDestroy()));
  from.on('close', () => later(() => to.destroySoon()));
}
