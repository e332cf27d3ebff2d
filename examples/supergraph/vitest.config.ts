import { defineConfig } from 'vitest/config';

/** The gateways that are too heavy for `npm test`. */
export default defineConfig({
  // As in the configuration of the subgraph's own tests: one graphql.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['examples/supergraph/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 90_000,
    env: { APOLLO_TELEMETRY_DISABLED: 'true' },
  },
});
