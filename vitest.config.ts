import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { environmentPython } from './adapters/backends/python/environment/environment.js';
import { compiledSuite, external } from './test/compiled-suite.js';

// tests and what they start take the locked Python, where `npm run python` has made it
const python = environmentPython();
if (python !== undefined) process.env.ATTN_CTS_PYTHON ??= python;

/** Backends that put things into the global scope, where other tests would meet them. */
const alone = ['test/adapters/backends/jax-js/**/*.test.ts'];

/** Sweeps that start Python, a compiler or the ranks of a job for each of a list: a step of its own, `npm run test:programs`. */
const programs = [
  'test/adapters/backends/{native,process}/**/*.every.test.ts',
  'test/adapters/backends/python/{flashinfer,package,schemes,wheel}.every.test.ts',
];

/** Tests in other programs that take minutes: begun last, they would keep one process busy when all others have ended. */
const slowest = /python\/flashinfer\.every\.test\.ts$/;

/** Begins the slowest files first; without times of earlier runs the runner begins with the largest. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => slowest.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

const common = {
  setupFiles: ['test/seed.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
  // most of what a test makes is soon forgotten: a larger young generation is collected less often
  execArgv: ['--max-semi-space-size=32'],
  server: { deps: { external } },
};

/** Settings of the projects that ask what `shared` leaves out of the lists of its sweeps: a test there may take seconds of a machine that has other work. */
const sweeps = { ...common, isolate: false, env: { ATTN_TEST_EVERY: '1' }, testTimeout: 240_000 };

export default defineConfig({
  test: {
    globalSetup: ['test/build.ts'],
    sequence: { sequencer: SlowestFirst },
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
        test: { ...sweeps, name: 'every', include: ['test/**/*.every.test.ts'], exclude: programs },
      },
      { plugins: [compiledSuite], test: { ...sweeps, name: 'programs', include: programs } },
      { plugins: [compiledSuite], test: { ...common, name: 'alone', include: alone } },
    ],
  },
});
