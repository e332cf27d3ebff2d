import { createServer, type Socket } from 'node:net';
import { bodies, numberIn, type UpstreamName } from './bodies.ts';

/**
 * The four providers as one small process that answers faster than anybody can ask: no HTTP library, bodies of
 * 0.5 to 1 kB made from a template, the person's ids in it. Run as a child process; the parent sets delays and
 * reads what was asked over IPC.
 */

/** From the parent: answer later from now on (milliseconds by provider), or say what was asked since the last time. */
export type ToUpstream = { delays: Partial<Record<UpstreamName, number>> } | { report: true };

/** To the parent: where the providers listen, or what was asked. */
export type FromUpstream =
  { ports: Record<UpstreamName, number> } | { calls: Record<UpstreamName, number>; roundTrips: number };

const names = Object.keys(bodies) as UpstreamName[];
const delays: Record<UpstreamName, number> = { bird: 0, ejento: 0, insighto: 0, atoms: 0 };
let calls = { ...delays };

/** Calls of one person that are being answered, and how many times calls began while there were none. */
const chains = new Map<number, { open: number; roundTrips: number }>();

function answer(name: UpstreamName, head: string, socket: Socket): void {
  const n = numberIn(head);
  calls[name] += 1;
  const body = bodies[name](n);
  const text = `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: keep-alive\r\n\r\n${body}`;
  if (delays[name] === 0) return void socket.write(text, 'latin1');

  const chain = chains.get(n) ?? { open: 0, roundTrips: 0 };
  if (chain.open++ === 0) chain.roundTrips += 1;
  chains.set(n, chain);
  setTimeout(() => {
    chain.open -= 1;
    socket.write(text, 'latin1');
  }, delays[name]);
}

async function listen(name: UpstreamName): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        answer(name, text.slice(0, end), socket);
        text = text.slice(end + 4);
      }
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return (server.address() as { port: number }).port;
}

const ports = {} as Record<UpstreamName, number>;
for (const name of names) ports[name] = await listen(name);

process.on('message', (message: ToUpstream) => {
  if ('delays' in message) return void Object.assign(delays, message.delays);
  const roundTrips = Math.max(0, ...[...chains.values()].map((chain) => chain.roundTrips));
  process.send?.({ calls, roundTrips } satisfies FromUpstream);
  calls = { bird: 0, ejento: 0, insighto: 0, atoms: 0 };
  chains.clear();
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ports } satisfies FromUpstream);
