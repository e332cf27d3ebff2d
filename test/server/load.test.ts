import { pbkdf2 } from 'node:crypto';
import { once } from 'node:events';
import { request, Agent } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openFrontDoor } from './front-door.ts';

describe('past the most that may be in flight', () => {
  test('requests are refused with a time to come back, and the next one after it is answered', async () => {
    const door = await openFrontDoor({ maxInFlight: 2 });
    const admitted = [door.ask('{ waits }'), door.ask('{ waits }')];
    await door.waiters(2);

    const refused = await Promise.all(Array.from({ length: 300 }, () => door.ask('{ tree { id } }')));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(refused[0]?.body.errors).toEqual([
      { message: expect.stringContaining('Try again'), extensions: { code: 'OVERLOADED' } },
    ]);
    expect((await door.fetch('/readyz')).status).toBe(200);

    door.release();
    expect((await Promise.all(admitted)).map(({ body }) => body.data)).toEqual(
      Array(2).fill({ waits: 'released' }),
    );
    expect((await door.ask('{ tree { id } }')).status).toBe(200);
  });

  test('a refused body does not cost the connection', async () => {
    const door = await openFrontDoor({ maxInFlight: 0 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ports = new Set<number | undefined>();
    for (let sent = 0; sent < 3; sent++) {
      const req = request(`${door.url}/graphql`, {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json' },
      });
      req.end(Buffer.alloc(200_000, ' '));
      const [response] = await once(req, 'response');
      expect(response.statusCode).toBe(503);
      ports.add(req.socket?.localPort);
      await once(response.resume(), 'end');
    }
    expect(ports.size).toBe(1);
  });
});

test('an idle connection is kept as long as is configured, and the other side is told', async () => {
  const door = await openFrontDoor({ idleConnectionSeconds: 90 });
  const socket = await door.dial();
  socket.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'data');
  expect(socket.received()).toMatch(/\r\nkeep-alive: timeout=90\r\n/i);
});

describe('an operation ends early', () => {
  test('when its client leaves: its place is free, and the log says so', async () => {
    const door = await openFrontDoor({ maxInFlight: 1 });
    const leaving = new AbortController();
    const asked = door.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ waits }"}',
      signal: leaving.signal,
    });
    await door.waiters(1);
    expect(door.lifetimes[0]?.ended).toBeUndefined();
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await vi.waitFor(() => expect(door.log.join()).toContain('"ended":"client left"'));
    expect(door.lifetimes[0]?.ended).toBe('client left');
    expect((await door.ask('{ tree { id } }')).status).toBe(200);
  });

  test('before it begins, when its client leaves while the body is decompressed', async () => {
    const door = await openFrontDoor();
    const body = brotliCompressSync('{"query":"mutation { first }"}');
    const head = `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-encoding: br\r\ncontent-length: ${body.length}\r\n\r\n`;
    const socket = await door.dial();
    // The threads that decompress have something else to do until the client has gone.
    const busy = Array.from({ length: 8 }, () => promisify(pbkdf2)('a', 'b', 200_000, 32, 'sha512'));
    socket.write(Buffer.concat([Buffer.from(head), body]));
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    socket.resetAndDestroy();
    await Promise.all(busy);
    expect((await door.ask('{ tree { id } }')).status).toBe(200);
    expect(door.log.filter((line) => line.includes('"msg":"operation"'))).toHaveLength(1);
  });

  test('when its time is over: the client gets an answer, and the log says so', async () => {
    const door = await openFrontDoor({ operationTimeoutMs: 50 });
    const { status, body } = await door.ask('{ waits }');
    expect(status).toBe(200);
    expect(body.data).toEqual({ waits: null });
    expect(door.lifetimes[0]?.ended).toBe('deadline');
    expect(door.log.join()).toContain('"ended":"deadline"');
  });

  test('and not when it has been answered', async () => {
    const door = await openFrontDoor({ operationTimeoutMs: 50 });
    const socket = await door.dial();
    const body = '{"query":"{ tree { id } }"}';
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'data');
    socket.destroy();
    await door.ask('{ waits }');
    expect(door.lifetimes.map(({ ended }) => ended)).toEqual([undefined, 'deadline']);
  });
});

describe('stopping', () => {
  test('first says that it is not ready, and serves on', async () => {
    const door = await openFrontDoor({}, { unready: 1_000 });
    expect((await door.fetch('/readyz')).status).toBe(200);
    const stopped = door.stop();
    const ready = await door.fetch('/readyz');
    expect(ready.status).toBe(503);
    expect((await door.fetch('/livez')).status).toBe(200);
    const { status, headers } = await door.ask('{ tree { id } }');
    expect(status).toBe(200);
    // The connection ends here: it would be closed soon, maybe under the next request.
    expect(headers.get('connection')).toBe('close');
    await stopped;
    await expect(door.fetch('/livez')).rejects.toThrow();
  });

  test('waits for what is in flight', async () => {
    const door = await openFrontDoor();
    const asked = door.ask('{ waits }');
    await door.waiters(1);
    let over = false;
    const stopped = door.stop().then(() => (over = true));
    await vi.waitFor(() => expect(door.fetch('/livez')).rejects.toThrow());
    expect(over).toBe(false);
    door.release();
    expect((await asked).body.data).toEqual({ waits: 'released' });
    await stopped;
  });

  test('gives what is in flight all of its time', async () => {
    const door = await openFrontDoor({ operationTimeoutMs: 1_000 }, { drain: 500 });
    const asked = door.ask('{ waits }');
    await door.waiters(1);
    const stopped = door.stop();
    expect((await asked).body.data).toEqual({ waits: null });
    await stopped;
  });

  test('is bounded, even if something never ends', async () => {
    const door = await openFrontDoor(
      { operationTimeoutMs: 100 },
      { drain: 100, headers: 60_000, request: 60_000 },
    );
    const socket = await door.dial();
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n',
    );
    await Promise.all([door.stop(), once(socket, 'close')]);
  });

  test('is done once, however often it is asked for', async () => {
    const door = await openFrontDoor();
    await Promise.all([door.stop(), door.stop()]);
    await door.stop();
  });
});
