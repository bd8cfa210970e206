import { defineConfig } from 'vitest/config';

/** Backends that put things into the global scope, where other tests would meet them. */
const alone = ['test/adapters/backends/jax-js/**/*.test.ts'];

const common = {
  setupFiles: ['test/seed.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
};

export default defineConfig({
  test: {
    // much of the time goes to processes that are waited for: a core need not be left over
    maxWorkers: '100%',
    projects: [
      {
        // a process imports each module once, for all of its test files
        test: { ...common, name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false, globalSetup: ['test/build.ts'] },
      },
      { test: { ...common, name: 'alone', include: alone } },
    ],
  },
});
