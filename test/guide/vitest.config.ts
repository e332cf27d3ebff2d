import { defineConfig } from 'vitest/config';

/** By themselves: they install what the page says from the registry. */
export default defineConfig({
  test: { include: ['test/guide/*.test.ts'], testTimeout: 300_000 },
});
