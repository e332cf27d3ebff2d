import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { DirectReads } from '../../src/http/direct-reads.ts';
import { Authority, trust } from '../support/authority.ts';
import { get, open, operation } from './rig.ts';

const authority = new Authority();
trust(authority);

/** A provider that answers with the credential it was sent, in pieces that end at `cuts`, one in each turn. */
async function inPieces(scheme: 'http' | 'https', cuts: readonly number[], filler = 0) {
  const sockets = new Set<Socket>();
  const answering = (socket: Socket) => {
    sockets.add(socket.on('error', () => {}).setNoDelay(true));
    socket.setEncoding('latin1').on('data', (request: string) => {
      const credential = /authorization: (.*)\r/.exec(request)?.[1];
      const body = JSON.stringify({ credential, filler: 'x'.repeat(filler) });
      const answer = `HTTP/1.1 200 OK\r\nx-request-id: ${credential}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      void write(socket, answer);
    });
  };
  const write = async (socket: Socket, answer: string) => {
    let from = 0;
    for (const to of [...cuts.filter((cut) => cut < answer.length), answer.length]) {
      socket.write(answer.slice(from, to), 'latin1');
      from = to;
      await turn();
    }
  };
  const server: Server =
    scheme === 'http' ? createServer(answering) : createTlsServer(authority.issue(), answering);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ends = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, ends };
}

const people = Array.from({ length: 8 }, (_, n) => `person-${n}`);

const askForAll = async (url: string) => {
  const upstream = open(url);
  const answers = people.map((person) => upstream.send(get('/me', person), operation().scope));
  return Promise.all(answers);
};

it.each(['http', 'https'] as const)(
  'answers over %s that come in pieces, many at a time, are whole and whose they are',
  async (scheme) => {
    const cuts = fc
      .uniqueArray(fc.nat(160), { maxLength: 12 })
      .map((found) => found.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const provider = await inPieces(scheme, at);
        const answers = await askForAll(provider.url).finally(provider.ends);
        expect(answers).toEqual(people.map((credential) => ({ credential, filler: '' })));
      }),
      { numRuns: 30 },
    );
  },
);

it.each(['http', 'https'] as const)(
  'answers over %s that are longer than one read are whole',
  async (scheme) => {
    const provider = await inPieces(scheme, [100_001, 333_333], 900_000);
    onTestFinished(provider.ends);
    const answers = await askForAll(provider.url);
    expect(answers).toEqual(people.map((credential) => ({ credential, filler: 'x'.repeat(900_000) })));
  },
);

it('whoever reads late reads in order', async () => {
  const server = createServer((socket) => {
    socket.setEncoding('latin1').on('data', (piece: string) => socket.write(piece));
    socket.write('0');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const reads = new DirectReads();
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', onread: reads.onread });
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((connected) => socket.once('connect', connected));
  reads.begin(socket);
  const read = await new Promise<string>((done) => {
    socket.on('readable', () => {
      if (socket.bytesRead < 3) return socket.write(String(socket.bytesRead));
      let text = '';
      for (let bytes = socket.read() as Buffer | null; bytes; bytes = socket.read() as Buffer | null)
        text += bytes.toString();
      return done(text);
    });
  });
  expect(read).toMatch(/^01/);
});
