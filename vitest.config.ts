import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { environmentPython } from './adapters/backends/python/environment/environment.js';
import { compiledSuite, external } from './test/compiled-suite.js';

// tests and what they start take the locked Python, where `npm run python` has made it
const python = environmentPython();
if (python !== undefined) process.env.ATTN_CTS_PYTHON ??= python;

/** Backends that put things into the global scope, where other tests would meet them. */
const alone = ['test/adapters/backends/jax-js/**/*.e2e.test.ts'];

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

/** Tests of the compiled suite, with the programs that it starts: built first. A test may take seconds of a machine that has other work. */
const compiled = { plugins: [compiledSuite] };
const built = { ...common, globalSetup: ['test/build.ts'], testTimeout: 240_000 };

/** Settings of the projects that ask all of the lists of sweeps. */
const sweeps = { ...built, isolate: false, env: { ATTN_TEST_EVERY: '1' } };

export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    // some of the time goes to what is waited for
    maxWorkers: availableParallelism() + 1,
    projects: [
      // a process imports each module once, for all of its test files
      { test: { ...common, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.{e2e,every}.test.ts'], isolate: false } },
      // programs and real backends, and some of each list that a sweep has
      { ...compiled, test: { ...built, name: 'e2e', include: ['test/**/*.{e2e,every}.test.ts'], exclude: alone, isolate: false } },
      { ...compiled, test: { ...built, name: 'alone', include: alone } },
      { ...compiled, test: { ...sweeps, name: 'every', include: ['test/**/*.every.test.ts'], exclude: programs } },
      { ...compiled, test: { ...sweeps, name: 'programs', include: programs } },
    ],
  },
});
