import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server';
import { Refusal } from '../../src/server/answers.ts';
import { readJson } from '../../src/server/body.ts';
import type { Explorer } from '../../src/explorer/page.ts';

/** What is served, and where. */
interface Serving<Context extends BaseContext> {
  apollo: ApolloServer<Context>;
  contextOf: (headers: IncomingHttpHeaders) => Context;
  /** 0 for any that is free. */
  port: number;
  /** The pages beside `/graphql`. */
  explorer?: Explorer;
}

/** Starts an Apollo Server on loopback, with GraphQL at `/graphql`. Rejects when the port cannot be had. */
export async function serve<Context extends BaseContext>({
  apollo,
  contextOf,
  port,
  explorer,
}: Serving<Context>) {
  await apollo.start();

  async function graphql(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(req.headers)) headers.set(name, String(value));
    const {
      status,
      headers: answered,
      body,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body: await readJson(req) },
      context: async () => contextOf(req.headers),
    });
    res.writeHead(status ?? 200, Object.fromEntries(answered));
    res.end(body.kind === 'complete' ? body.string : undefined);
  }

  async function page(pathname: string, res: ServerResponse): Promise<void> {
    const found = await explorer?.(pathname);
    res.writeHead(found ? 200 : 404, found && { 'content-type': found.type });
    res.end(found?.body);
  }

  const http = createServer((req, res) => {
    const [pathname = '/'] = (req.url ?? '/').split('?');
    if (pathname === '/graphql' && req.method === 'POST')
      // As the subgraph itself: no more than 256 KiB is read of anybody.
      return graphql(req, res).catch((error: unknown) =>
        error instanceof Refusal ? res.writeHead(error.status).end(error.message) : res.destroy(),
      );
    if (req.method === 'GET') return page(pathname, res).catch(() => res.writeHead(500).end());
    return res.writeHead(404).end();
  });
  // Longer than any gateway keeps an idle connection: whoever closes first must not be the one that is asked.
  http.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  }).catch(async (error: Error) => {
    await apollo.stop();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      await closed;
      await apollo.stop();
    },
  };
}
