import { readFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CONNECTION_FAULTS, type ConnectionFault } from '../../src/http/connection-faults.ts';
import { Authority, selfSigned, trust } from '../support/authority.ts';
import { failureOf, get, json, ManualClock, open, operation, serve, silence } from './rig.ts';

const authority = new Authority();
trust(authority);
const hosts = ['127.0.0.1'];
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

/** A provider over TLS; ends with the test. */
async function serveTls(options: ServerOptions): Promise<string> {
  const server = createServer(options, (_request, response) => json(response, {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port where nobody listens. */
async function nobody(): Promise<string> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `https://127.0.0.1:${port}`;
}

/** What is logged of a call, and what whoever made it is told. */
async function failing(url: string, lookup?: Parameters<typeof open>[2]) {
  const lines: object[] = [];
  const log = { info: () => {}, warn: (fields: object) => void lines.push(fields) };
  const upstream = open(url, { retries: 1 }, { log, random: () => 0, ...lookup });
  const error = await failureOf(upstream.send(get('/me'), operation().scope));
  return { upstream, error, lines };
}

const old: ServerOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };

const lasting: [ConnectionFault, code: string | RegExp, () => Promise<string>][] = [
  [
    'certificate-expired',
    'CERT_HAS_EXPIRED',
    () => serveTls(authority.issue({ hosts, validUntil: minutes(-1) })),
  ],
  [
    'certificate-not-yet-valid',
    'CERT_NOT_YET_VALID',
    () => serveTls(authority.issue({ hosts, validFrom: minutes(1) })),
  ],
  [
    'certificate-for-another-host',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    () => serveTls(authority.issue({ hosts: ['bird.example'] })),
  ],
  ['certificate-self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT', () => serveTls(selfSigned())],
  [
    'certificate-self-signed',
    'SELF_SIGNED_CERT_IN_CHAIN',
    () => {
      const unknown = new Authority();
      const { key, cert } = unknown.issue();
      return serveTls({ key, cert: cert + unknown.certificate });
    },
  ],
  [
    'certificate-of-unknown-authority',
    /^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/,
    () => serveTls(new Authority().issue()),
  ],
  [
    'certificate-of-unknown-authority',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    () => serveTls(new Authority(authority).issue({ hosts }, { isChainForgotten: true })),
  ],
  [
    'tls-not-agreed',
    /^ERR_SSL_.*PROTOCOL_VERSION$|^EPROTO$/,
    () => serveTls({ ...authority.issue(), ...old }),
  ],
  [
    'tls-not-agreed',
    /HANDSHAKE_FAILURE$|^EPROTO$/,
    () =>
      serveTls({ ...authority.issue(), maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CAMELLIA128-SHA256' }),
  ],
  [
    'tls-not-spoken',
    /WRONG_VERSION_NUMBER$|^EPROTO$/,
    async () => (await serve((_request, response) => json(response, {}))).url.replace('http:', 'https:'),
  ],
];

it.each(lasting)('%s (%s) has a name, and is neither repeated nor to be', async (fault, code, start) => {
  const { upstream, error, lines } = await failing(await start());
  expect(error).toMatchObject({ failure: 'unreachable', retryable: false, outcomeUnknown: false });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ broken: 'misconfigured', fault, sent: false });
  expect(lines[0]).toHaveProperty('code', expect.stringMatching(code));
  expect(lines[0]).toHaveProperty('why', expect.stringMatching(/[.?]$/));
  expect(upstream.stats.connectionFaults[fault]).toBe(1);
});

it('a complete chain of an authority that is known is all that it takes', async () => {
  const upstream = open(await serveTls(new Authority(authority).issue({ hosts })));
  expect(await upstream.send(get('/me'), operation().scope)).toEqual({});
});

/** A lookup that fails with a code. */
const unresolved = (code: string) => ({
  lookup: (_host: string, _options: object, found: (error: Error, address: string) => void) =>
    found(Object.assign(new Error(code), { code }), ''),
});

it('a name that DNS does not know is not asked for again', async () => {
  const { error, lines } = await failing('https://bird.invalid', unresolved('ENOTFOUND'));
  expect(error).toMatchObject({ failure: 'unreachable', retryable: false });
  expect(lines).toMatchObject([{ fault: 'host-unknown', code: 'ENOTFOUND' }]);
});

it('DNS that does not answer passes', async () => {
  const { error, lines } = await failing('https://bird.invalid', unresolved('EAI_AGAIN'));
  expect(error).toMatchObject({ failure: 'unreachable', retryable: true });
  expect(lines).toMatchObject([{ fault: 'dns-unavailable', broken: 'unreachable' }, { attempt: 2 }]);
});

it('a port where nobody listens passes: whoever restarts leaves it for a moment', async () => {
  const { error, lines } = await failing(await nobody());
  expect(error).toMatchObject({ failure: 'unreachable', retryable: true });
  expect(lines).toMatchObject([{ fault: 'refused', code: 'ECONNREFUSED' }, { attempt: 2 }]);
});

it.each([
  ['EHOSTUNREACH', 'no-route', 'unreachable'],
  ['ENETUNREACH', 'no-route', 'unreachable'],
  ['ETIMEDOUT', 'not-connected-in-time', 'timeout'],
])('%s passes', async (code, fault, broken) => {
  const { error, lines } = await failing('https://bird.invalid', unresolved(code));
  expect(error).toMatchObject({ failure: broken, retryable: true });
  expect(lines).toMatchObject([{ fault, code, broken }, { attempt: 2 }]);
});

it('TLS that is not established is given up before the call is, and has a name', async () => {
  const silent = await silence();
  onTestFinished(() => silent.ends());
  const lines: object[] = [];
  const log = { info: () => {}, warn: (fields: object) => void lines.push(fields) };
  // The call itself has all the time of the world.
  const upstream = open(silent.url, { timeoutMs: 200, retries: 0 }, { log, clock: new ManualClock() });
  const error = await failureOf(upstream.send(get('/me'), operation().scope));
  expect(error).toMatchObject({ failure: 'timeout', retryable: true });
  expect(lines).toMatchObject([{ fault: 'not-connected-in-time', broken: 'timeout', sent: false }]);
});

it('while it lasts nobody is told to try again, however often it was met', async () => {
  const { upstream } = await failing(await serveTls(selfSigned()));
  for (let time = 1; time < 9; time++) {
    const error = await failureOf(upstream.send(get('/me', `user ${time}`), operation().scope));
    expect(error).toMatchObject({ failure: 'unreachable', retryable: false });
  }
  expect(upstream.stats.state).toBe('open');
  expect(upstream.stats.failedFast).toBeGreaterThan(0);
});

describe('at the start', () => {
  /** What is said when connections are opened before there is a request, and what has been counted. */
  async function warmed(url: string) {
    const lines: object[] = [];
    const upstream = open(url, {}, { log: { info: () => {}, warn: (fields) => void lines.push(fields) } });
    await upstream.warm();
    return {
      lines,
      counted: Object.entries(upstream.stats.connectionFaults).filter(([, count]) => count > 0),
    };
  }

  it.each([
    ['a certificate that is wrong', 'certificate-self-signed', () => serveTls(selfSigned())],
    ['a port where nobody listens', 'refused', nobody],
    [
      'TLS behind an address of http',
      'tls-expected',
      async () => (await serveTls(authority.issue())).replace('https:', 'http:'),
    ],
    [
      'TLS that nobody trusts behind an address of http',
      'tls-expected',
      async () => (await serveTls(selfSigned())).replace('https:', 'http:'),
    ],
  ] as const)('%s is told and counted', async (_name, fault, start) => {
    const { lines, counted } = await warmed(await start());
    expect(lines).toMatchObject([{ provider: 'bird', fault }]);
    expect(counted).toEqual([[fault, 1]]);
  });

  it('nothing is said of a provider as it should be, and it is asked for nothing', async () => {
    const asked: (string | undefined)[] = [];
    const server = await serve((request, response) => {
      asked.push(request.url);
      json(response, {});
    });
    expect(await warmed(server.url)).toEqual({ lines: [], counted: [] });
    expect(await warmed(await serveTls(authority.issue()))).toEqual({ lines: [], counted: [] });
    expect(asked).toEqual([]);
  });
});

it('each fault has its row in the operations page, which says as well whether it lasts', () => {
  const page = readFileSync('docs/operations.md', 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| (yes|no) \|/gm)].map(([, fault, lasts]) => [
    fault,
    lasts === 'yes',
  ]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(CONNECTION_FAULTS).map(([fault, { lasts }]) => [fault, lasts])),
  );
});
