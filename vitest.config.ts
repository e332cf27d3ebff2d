import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const files = globSync('test/**/*.test.ts', {
  exclude: ['**/node_modules/**', 'test/recipes/**', 'test/guide/**'],
});

/** A file with one of these changes the process, or measures it: it gets one of its own. */
const NEEDS_ITS_OWN =
  /vi\.mock\(|\.prototype, '|memoryUsage|setFlagsFromString|support\/authority|unhandledRejection/;
const apart = files.filter((file) => NEEDS_ITS_OWN.test(readFileSync(file, 'utf8')));

export default defineConfig({
  // As Node resolves it: graphql's `module` entry would be a second copy beside the one that Apollo requires.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // Before all files, so that no two of them install it at the same time.
    globalSetup: 'test/links/postgres/install.ts',
    pool: 'forks',
    maxWorkers: '100%',
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          // Named one by one: with an `exclude` of its own, it would not hear of that of the command line.
          include: files.filter((file) => !apart.includes(file)),
          // Loading the service takes longer than the tests of most files: each worker does it once.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: apart } },
    ],
  },
});
