import { request } from 'node:http';

/** A client that asks and does not wait for the answer: it goes when it is told to. */
export function fickleClient(url: string, query: string, token: string): { goes(): Promise<void> } {
  const asking = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  const gone = new Promise<void>((resolve) => asking.once('close', resolve));
  asking.on('error', () => {});
  asking.end(JSON.stringify({ query }));
  return {
    goes() {
      asking.destroy();
      return gone;
    },
  };
}
