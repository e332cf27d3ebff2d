import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Authority, selfSigned, trust } from '../support/authority.ts';
import { type ProxyBehaviour, startProxy } from '../support/proxy.ts';
import { failureOf, get, json, open, operation } from './rig.ts';

const authority = new Authority();
trust(authority);
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

/** A provider that answers with the headers it got, and the proxy on the way to it; both end with the test. */
async function behindProxy(
  scheme: 'http' | 'https',
  behaviour: ProxyBehaviour & { sends?: string; redirects?: string } = {},
) {
  const echo: RequestListener = (request, response) => {
    if (!request.url?.includes('/old')) return json(response, request.headers);
    const origin = behaviour.redirects?.replace('provider', request.headers.host ?? '') ?? '';
    return response.writeHead(301, { location: `${origin}/api/new` }).end();
  };
  const server = scheme === 'http' ? createServer(echo) : createTlsServer(authority.issue(), echo);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy = await startProxy(behaviour);
  const lines: object[] = [];
  const note = (fields: object) => void lines.push(fields);
  const authorization = behaviour.sends ? basic(behaviour.sends) : null;
  const upstream = open(
    `${scheme}://${provider}/api`,
    { proxy: { origin: proxy.origin, host: proxy.host, authorization } },
    { log: { info: note, warn: note }, random: () => 0 },
  );
  onTestFinished(async () => {
    await proxy.ends();
    server.closeAllConnections();
    server.close();
  });
  const ask = (path = '/me') => upstream.send(get(path), operation().scope);
  return { provider, proxy, upstream, lines, ask };
}

describe('a provider over https', () => {
  it('is reached through a tunnel, one for all calls of a connection', async () => {
    const { proxy, provider, ask } = await behindProxy('https');
    expect(await ask()).toMatchObject({ authorization: 'ada', host: provider });
    await ask('/again');
    expect(proxy.seen).toEqual([`CONNECT ${provider}`]);
  });

  it('is reached through a proxy that speaks TLS itself', async () => {
    const { proxy, provider, ask } = await behindProxy('https', { identity: authority.issue() });
    expect(await ask()).toMatchObject({ host: provider });
    expect(proxy.seen).toEqual([`CONNECT ${provider}`]);
  });

  it('never sees the credentials of the proxy', async () => {
    const credentials = 'ada:planted-secret';
    const { ask } = await behindProxy('https', { credentials, sends: credentials });
    expect(await ask()).not.toHaveProperty('proxy-authorization');
  });
});

describe('a provider over http', () => {
  it('is asked for from the proxy, by its whole address', async () => {
    const credentials = 'ada:planted-secret';
    const { proxy, provider, ask } = await behindProxy('http', { credentials, sends: credentials });
    const got = await ask('/me?x=%20');
    expect(got).toMatchObject({ authorization: 'ada', host: provider });
    expect(got).not.toHaveProperty('proxy-authorization');
    expect(proxy.seen).toEqual([`GET http://${provider}/api/me?x=%20`]);
  });

  it.each(['', 'http://provider'])('is followed to another of its paths, named with "%s"', async (named) => {
    const { proxy, provider, ask } = await behindProxy('http', { redirects: named });
    expect(await ask('/old?x=1')).toMatchObject({ authorization: 'ada', host: provider });
    expect(proxy.seen).toEqual([`GET http://${provider}/api/old?x=1`, `GET http://${provider}/api/new?x=1`]);
  });

  it('is not at fault when the proxy wants credentials', async () => {
    const { lines, ask } = await behindProxy('http', { credentials: 'ada:planted-secret' });
    expect(await failureOf(ask())).toMatchObject({ failure: 'unreachable', retryable: false });
    expect(lines).toMatchObject([{ fault: 'proxy-credentials-rejected', proxyStatus: 407, sent: false }]);
  });
});

describe('a proxy that does not lead to the provider', () => {
  it.each([
    ['wants other credentials', 407, 'proxy-credentials-rejected', false],
    ['wants other credentials, and is tinyproxy', 401, 'proxy-credentials-rejected', false],
    ['forbids it', 403, 'proxy-refused', false],
    ['wants another method', 405, 'proxy-refused', false],
    ['redirects', 302, 'proxy-refused', false],
    ['does not know how', 501, 'proxy-refused', false],
    ['wants somebody to log in', 511, 'proxy-refused', false],
    ['is asked too often', 429, 'proxy-without-way', true],
    ['is in trouble', 503, 'proxy-without-way', true],
    ['has found no way', 502, 'proxy-without-way', true],
    ['has waited in vain', 504, 'proxy-without-way', true],
  ] as const)('%s: said with its status %i', async (_name, status, fault, passes) => {
    const { proxy, lines, ask, upstream } = await behindProxy('https', { sends: 'ada:planted-secret' });
    proxy.refuses(status);
    const error = await failureOf(ask());
    expect(error).toMatchObject({ failure: 'unreachable', retryable: passes });
    expect(error.status).toBeUndefined();
    expect(lines[0]).toMatchObject({ fault, proxyStatus: status, sent: false });
    expect(lines).toHaveLength(passes ? 2 : 1);
    expect(upstream.stats.connectionFaults[fault]).toBe(lines.length);
    expect(JSON.stringify([lines, error])).not.toMatch(/planted|Basic|127\.0\.0\.1/);
  });

  it('is down', async () => {
    const { proxy, lines, ask } = await behindProxy('https');
    await proxy.ends().finally(() => (proxy.ends = async () => {}));
    expect(await failureOf(ask())).toMatchObject({ failure: 'unreachable', retryable: true });
    expect(lines).toMatchObject([{ fault: 'proxy-unreachable', code: 'ECONNREFUSED' }, { attempt: 2 }]);
  });

  it('closes without a word', async () => {
    const { proxy, lines, ask } = await behindProxy('https');
    proxy.refuses('close');
    expect(await failureOf(ask())).toMatchObject({ failure: 'unreachable', retryable: true });
    expect(lines).toMatchObject([{ fault: 'proxy-unreachable', code: 'ECONNRESET' }, { attempt: 2 }]);
  });

  it('is none: what listens speaks something else', async () => {
    const { proxy, lines, ask } = await behindProxy('https');
    proxy.refuses('nonsense');
    expect(await failureOf(ask())).toMatchObject({ failure: 'unreachable', retryable: false });
    expect(lines).toMatchObject([{ fault: 'proxy-unusable', code: 'HPE_INVALID_CONSTANT' }]);
  });

  it('has a certificate that nobody knows', async () => {
    const { lines, ask } = await behindProxy('https', { identity: selfSigned() });
    expect(await failureOf(ask())).toMatchObject({ failure: 'unreachable', retryable: false });
    expect(lines).toMatchObject([{ fault: 'proxy-unusable', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }]);
  });

  it('says nothing, and is given up within the time of a call', async () => {
    const { proxy, lines } = await behindProxy('https');
    proxy.refuses('silence');
    const note = (fields: object) => void lines.push(fields);
    const settings = { proxy: { ...proxy, authorization: null }, timeoutMs: 400, retries: 0 };
    const upstream = open('https://bird.test', settings, { log: { info: note, warn: note } });
    expect(await failureOf(upstream.send(get('/me'), operation().scope))).toMatchObject({ retryable: true });
    expect(lines).toMatchObject([{ fault: 'proxy-unreachable', code: 'ETIMEDOUT' }]);
    expect(proxy.seen).toEqual(['CONNECT bird.test:443']);
  });
});
