import { defineConfig } from 'vitest/config';

/** The gateways that are too heavy for `npm test`. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['examples/supergraph/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 90_000,
  },
});
