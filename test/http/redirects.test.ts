import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Answer } from '../../src/http/answer.ts';
import { pathOfRedirect } from '../../src/http/redirect.ts';
import { failureOf, get, json, open, operation, serve } from './rig.ts';

/** A provider that redirects what is asked of `/old`, and says who asked for what elsewhere. */
async function redirecting(status: number, location: (own: string) => string) {
  const received: string[] = [];
  const lines: object[] = [];
  const server = await serve(({ method, url = '', headers }, response) => {
    received.push(`${method} ${url} ${headers.authorization}`);
    if (!url.startsWith('/old')) return json(response, { a: 1 });
    response.writeHead(status, { location: location(server.url) });
    response.end();
  });
  const log = { info: () => {}, warn: (line: object) => lines.push(line) };
  return { upstream: open(server.url, {}, { log }), received, lines };
}

describe('a redirect of a GET', () => {
  it.each([301, 302, 303, 307, 308])(
    'to the same origin (%i) is followed, with the credentials and one line',
    async (status) => {
      const { upstream, received, lines } = await redirecting(status, () => '/new?page=1');
      const { scope, calls } = operation();
      await expect(upstream.send(get('/old?page=1', 'ada'), scope)).resolves.toEqual({ a: 1 });
      expect(received).toEqual(['GET /old?page=1 ada', 'GET /new?page=1 ada']);
      expect(lines).toEqual([{ provider: 'bird', status }]);
      expect(upstream.stats).toMatchObject({ calls: 2, retries: 0 });
      expect(calls).toEqual(['bird']);
    },
  );

  it.each([
    ['a whole URL', (own: string) => `${own}/new?b=2`, '/new?b=2'],
    ['a path without a query: what was asked with is asked again', () => '/new', '/new?key=k'],
    ['a path next to it', () => 'new/', '/new/?key=k'],
    ['a path with a fragment', () => '/new?b=2#part', '/new?b=2'],
  ])('may name %s', async (_what, location, path) => {
    const { upstream, received } = await redirecting(307, location);
    await upstream.send(get('/old?key=k', 'ada'), operation().scope);
    expect(received).toEqual(['GET /old?key=k ada', `GET ${path} ada`]);
  });

  it.each([
    ['another host', (own: string) => own.replace('127.0.0.1', 'localhost')],
    ['another port', () => 'http://127.0.0.1:9/new'],
    ['another scheme', (own: string) => own.replace('http:', 'https:')],
    ['another host, without a scheme', () => '//elsewhere.example/new'],
    ['another host, with backslashes', () => '\\\\elsewhere.example\\new'],
    ['somebody', (own: string) => own.replace('//', '//user:password@')],
    ['no place at all', () => 'http://'],
    ['itself', () => '/old?key=k'],
    ['anything but HTTP', () => 'file:///etc/passwd'],
  ])('to %s is not followed', async (_where, location) => {
    const { upstream, received, lines } = await redirecting(307, location);
    const failure = await failureOf(upstream.send(get('/old?key=k'), operation().scope));
    expect(failure).toMatchObject({ failure: 'invalid-response', status: 307, retryable: false });
    expect(received).toEqual(['GET /old?key=k ada']);
    expect(lines).toEqual([{ provider: 'bird', status: 307 }]);
  });

  it('is followed once, and not round and round', async () => {
    let hop = 0;
    const { upstream, received, lines } = await redirecting(302, () => `/old/${(hop += 1)}`);
    const failure = await failureOf(upstream.send(get('/old'), operation().scope));
    expect(failure).toMatchObject({ failure: 'invalid-response', status: 302 });
    expect(received).toHaveLength(2);
    expect(lines).toHaveLength(2);
  });

  it('leaves a repeat to where it leads', async () => {
    let asked = 0;
    const server = await serve(({ url }, response) => {
      if (url === '/new') return json(response, {}, (asked += 1) === 1 ? 503 : 200);
      response.writeHead(308, { location: '/new' });
      response.end();
    });
    const upstream = open(server.url, { retries: 1 }, { random: () => 0 });
    await expect(upstream.send(get('/old'), operation().scope)).resolves.toEqual({});
    expect(upstream.stats).toMatchObject({ calls: 3, retries: 1 });
  });

  it('leads nowhere but to the same origin, whatever it says', () => {
    const origin = 'https://api.example.com';
    const location = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string(),
      fc.string({
        unit: fc.constantFrom('/', '\\', ':', '@', '?', '#', '.', 'a', 'h', 't', 'p', 's', ' ', '\t'),
      }),
      fc
        .constantFrom('//', '/\\', 'https:', 'http:', 'https://')
        .chain((start) => fc.string().map((rest) => start + rest)),
    );
    fc.assert(
      fc.property(location, (text) => {
        const answer = new Answer(307, { location: text }, null);
        const path = pathOfRedirect(answer, { origin, path: '/a/b?key=k' });
        if (path === undefined) return;
        expect(new URL(origin + path).origin).toBe(origin);
        expect(path).toMatch(/^\/[\x21-\x7e]*$/);
        expect(new URL(text, `${origin}/a/b?key=k`).origin).toBe(origin);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a redirect of a write', () => {
  it('is not followed: whether it was carried out is not known', async () => {
    const { upstream, received } = await redirecting(307, () => '/new');
    const call = { ...get('/old'), method: 'PATCH', body: {} } as const;
    const failure = await failureOf(upstream.send(call, operation().scope));
    expect(failure).toMatchObject({ failure: 'invalid-response', outcomeUnknown: true });
    expect(received).toEqual(['PATCH /old ada']);
  });
});
