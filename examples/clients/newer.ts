import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The subgraph as a later version may be: what a mutation results in has a type that clients of today do not know. */
export async function startNewer(subgraph: string) {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = body.includes('mutation ')
      ? Response.json({ data: { updateMe: { __typename: 'UpdateMeLater' } } })
      : await fetch(`${subgraph}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: request.headers.authorization ?? '',
          },
          body,
        });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
