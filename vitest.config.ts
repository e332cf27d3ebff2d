import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node resolves it: graphql's `module` entry would be a second copy beside the one that Apollo requires.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/recipes/**'],
    // Before all files, so that no two of them install it at the same time.
    globalSetup: 'test/links/postgres/install.ts',
    pool: 'forks',
    testTimeout: 20_000,
  },
});
