import { env } from 'node:process';
import { defineConfig } from '@graphql-hive/gateway';

/** Carries a request through logs and traces; every subgraph gets it. */
const traced = ['x-request-id', 'traceparent', 'tracestate'];

// Idle connections end 2 s before the users subgraph says that it closes them, after 600 s at most; it keeps them for
// 620 s (IDLE_CONNECTION_SECONDS), so that it is never the one that closes first.
export const gatewayConfig = defineConfig({
  supergraph: env.SUPERGRAPH ?? '../generated/supergraph.graphql',
  host: '127.0.0.1',
  // Longer than a proxy in front keeps an idle connection: whoever closes first must not be the one that is asked.
  keepAliveTimeout: 65_000,
  deferStream: true,
  // What an operation may ask of each subgraph, by their @cost and @listSize; far above what a page asks for. It counts
  // no mutation and each reference once, however many there are: the users subgraph has limits of its own for those.
  demandControl: { maxCost: 1_000 },
  propagateHeaders: {
    // Nothing is forwarded of its own accord. x-user-scopes and router-authorization are the gateway's own word: a
    // client's are left behind.
    fromClientToSubgraphs({ request, subgraphName }) {
      const forwarded = subgraphName === 'users' ? ['authorization', ...traced] : traced;
      const headers = Object.fromEntries(forwarded.map((name) => [name, request.headers.get(name)]));
      return subgraphName === 'users' ? { ...headers, 'router-authorization': env.ROUTER_SECRET } : headers;
    },
  },
});
