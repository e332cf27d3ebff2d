import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As in the configuration of the subgraph's own tests: one graphql.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: { include: ['test/*.test.ts'], pool: 'forks', testTimeout: 30_000 },
});
