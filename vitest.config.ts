import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { compiledSuite, external } from './test/compiled-suite.js';

/** Backends that put things into the global scope, where other tests would meet them. */
const alone = ['test/adapters/backends/jax-js/**/*.test.ts'];

const common = {
  setupFiles: ['test/seed.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
  // most of what a test makes is soon forgotten: a larger young generation is collected less often
  execArgv: ['--max-semi-space-size=32'],
  server: { deps: { external } },
};

export default defineConfig({
  test: {
    globalSetup: ['test/build.ts'],
    // some of the time goes to what is waited for
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        plugins: [compiledSuite],
        // a process imports each module once, for all of its test files
        test: { ...common, name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
      {
        plugins: [compiledSuite],
        // sweeps over a list, which `shared` asks some of
        test: { ...common, name: 'every', include: ['test/**/*.every.test.ts'], isolate: false, env: { ATTN_TEST_EVERY: '1' } },
      },
      { plugins: [compiledSuite], test: { ...common, name: 'alone', include: alone } },
    ],
  },
});
