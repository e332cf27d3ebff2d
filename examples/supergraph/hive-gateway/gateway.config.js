import { env } from 'node:process';
import { defineConfig } from '@graphql-hive/gateway';

/** Carries a request through logs and traces; every subgraph gets it. */
const traced = ['x-request-id', 'traceparent', 'tracestate'];

// Idle connections end 2 s before the users subgraph says that it closes them, after 600 s at most; it keeps them for
// 620 s (IDLE_CONNECTION_SECONDS), so that it is never the one that closes first.
export const gatewayConfig = defineConfig({
  supergraph: env.SUPERGRAPH ?? '../generated/supergraph.graphql',
  host: '127.0.0.1',
  deferStream: true,
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
