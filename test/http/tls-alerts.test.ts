import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CONNECTION_FAULTS,
  type ConnectionFault,
  connectionFaultOf,
} from '../../src/http/connection-faults.ts';
import { Authority, trust } from '../support/authority.ts';
import { failureOf, get, open, operation } from './rig.ts';

const authority = new Authority();
trust(authority);

/** A server that does this with each connection; ends with the test. */
async function listen(act: (socket: Socket, number: number) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) =>
    act(
      socket.on('error', () => {}),
      sockets.push(socket),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What comes of a read, and of a change. */
async function bothFailing(url: string) {
  const lines: object[] = [];
  const log = { info: () => {}, warn: (fields: object) => void lines.push(fields) };
  const upstream = open(url, { retries: 1 }, { log, random: () => 0 });
  const read = await failureOf(upstream.send(get('/me'), operation().scope));
  const change = { ...get('/me', 'grace'), method: 'PATCH', body: {} } as const;
  return { read, change: await failureOf(upstream.send(change, operation().scope)), lines };
}

/** An alert in the clear, as a server sends it that refuses what a client has begun with (RFC 8446, 6). */
const alert = (description: number) => Buffer.from([21, 3, 3, 0, 2, 2, description]);

describe('a TLS handshake', () => {
  it.each([
    ['handshake_failure', 40, 'tls-not-agreed'],
    ['bad_certificate', 42, 'tls-not-agreed'],
    ['illegal_parameter', 47, 'tls-not-agreed'],
    ['unknown_ca', 48, 'tls-not-agreed'],
    ['access_denied', 49, 'tls-not-agreed'],
    ['protocol_version', 70, 'tls-not-agreed'],
    ['insufficient_security', 71, 'tls-not-agreed'],
    ['missing_extension', 109, 'tls-not-agreed'],
    ['unrecognized_name', 112, 'tls-name-unknown'],
    ['certificate_required', 116, 'tls-not-agreed'],
    ['no_application_protocol', 120, 'tls-not-agreed'],
  ] as const)('that is refused with %s (%i) is not tried again', async (_name, description, fault) => {
    const { read, change, lines } = await bothFailing(
      await listen((socket) => socket.once('data', () => socket.end(alert(description)))),
    );
    for (const error of [read, change])
      expect(error).toMatchObject({ failure: 'unreachable', retryable: false, outcomeUnknown: false });
    expect(lines).toMatchObject(Array(2).fill({ broken: 'misconfigured', fault, sent: false }));
  });

  it.each([
    ['ends before it begins', (socket: Socket) => socket.end()],
    ['ends after the first word', (socket: Socket) => socket.once('data', () => socket.end())],
    ['is reset', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['is ended with close_notify (0)', (socket: Socket) => socket.once('data', () => socket.end(alert(0)))],
    ['meets internal_error (80)', (socket: Socket) => socket.once('data', () => socket.end(alert(80)))],
  ])('that %s may go better later', async (_name, act) => {
    const { read, change, lines } = await bothFailing(await listen(act));
    for (const error of [read, change])
      expect(error).toMatchObject({ failure: 'unreachable', retryable: true, outcomeUnknown: false });
    expect(lines).toMatchObject([{ attempt: 1 }, { attempt: 2 }, { attempt: 1 }]);
    expect(lines).toMatchObject(Array(3).fill({ fault: 'broken-off', sent: false }));
  });

  it('that is broken off is begun once more before it counts, as at a reload that drops all that wait', async () => {
    const tls = createTlsServer(authority.issue(), (socket) => {
      const answer = 'HTTP/1.1 204 No Content\r\n\r\n';
      socket.on('error', () => {}).on('data', () => socket.write(answer));
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void tls.close());
    const url = await listen((socket, number) => {
      if (number <= 20) return void socket.once('data', () => socket.resetAndDestroy());
      const onward = connect((tls.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
      socket.pipe(onward).pipe(socket);
    });
    const upstream = open(url, { retries: 0, connections: 20, connectionsPerCaller: 20 });
    const calls = Array.from({ length: 20 }, (_, n) => upstream.send(get(`/${n}`), operation().scope));
    await expect(Promise.all(calls)).resolves.toHaveLength(20);
    expect(upstream.stats.state).toBe('closed');
  });

  it('with a session that the server stumbles over is tried anew without', async () => {
    const resumed: boolean[] = [];
    const tls = createTlsServer(authority.issue(), (socket) => {
      resumed.push(socket.isSessionReused());
      socket
        .on('error', () => {})
        .once('data', () => socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n'));
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void tls.close());
    const url = await listen((socket, number) => {
      if (number === 2) return void socket.once('data', () => socket.end(alert(51)));
      const onward = connect((tls.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
      socket.pipe(onward).pipe(socket);
    });
    const upstream = open(url, { retries: 1 }, { random: () => 0 });
    for (const path of ['/1', '/2']) await upstream.send(get(path), operation().scope);
    expect(resumed).toEqual([false, false]);
  });
});

const openssl = '/usr/bin/openssl';

describe.skipIf(!existsSync(openssl))('a server that wants a certificate of ours', () => {
  /** OpenSSL's own, since Node's says nothing when it ends such a connection. Prints a word when it listens. */
  async function demanding(version: string): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'tls-'));
    const { key, cert } = authority.issue();
    writeFileSync(join(folder, 'identity.pem'), key + cert);
    const args = ['s_server', '-accept', '127.0.0.1:0', '-cert', 'identity.pem', '-Verify', '1', version];
    const server: ChildProcess = spawn(openssl, args, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => {
      server.kill();
      rmSync(folder, { recursive: true });
    });
    let said = '';
    for await (const chunk of server.stdout ?? []) {
      said += String(chunk);
      const [, port] = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      if (port) return `https://127.0.0.1:${port}`;
    }
    throw new Error(said);
  }

  it.each(['-tls1_2', '-tls1_3'])('(%s) has a name, and no change is in doubt', async (version) => {
    const { read, change, lines } = await bothFailing(await demanding(version));
    for (const error of [read, change])
      expect(error).toMatchObject({ failure: 'unreachable', retryable: false, outcomeUnknown: false });
    expect(lines).toMatchObject(Array(2).fill({ fault: 'tls-not-agreed', sent: false }));
  });
});

it.each<[ConnectionFault, readonly string[]]>([
  ['certificate-unusable', ['UNSPECIFIED', 'INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED', 'CERT_REVOKED']],
  [
    'certificate-unusable',
    ['CERT_SIGNATURE_FAILURE', 'ERROR_IN_CERT_NOT_AFTER_FIELD', 'ERR_SSL_CA_MD_TOO_WEAK'],
  ],
  ['certificate-for-another-host', ['HOSTNAME_MISMATCH']],
  ['host-unknown', ['ENOTFOUND', 'EAI_NODATA', 'EAI_ADDRFAMILY']],
  ['dns-unavailable', ['EAI_AGAIN', 'EAI_FAIL']],
  ['no-route', ['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EAFNOSUPPORT']],
  ['not-permitted', ['EACCES', 'EPERM']],
  ['machine-exhausted', ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'EAI_MEMORY']],
  ['not-connected', ['EINVAL', 'EPROTO', 'something new']],
])('%s is what is wrong with %j', (fault, codes) => {
  for (const code of codes) expect(connectionFaultOf(Object.assign(new Error(code), { code }))).toBe(fault);
  expect(CONNECTION_FAULTS[fault].why).toMatch(/\.$|\?$/);
});
