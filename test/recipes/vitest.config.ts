import { defineConfig } from 'vitest/config';

/** The recipes of the README take half a minute each: they run the compiler and tests of a changed project. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/recipes/*.test.ts'],
    pool: 'forks',
    testTimeout: 180_000,
  },
});
