import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { SHOPTRAIL_VERSION: '"test"' },
  test: {
    include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
