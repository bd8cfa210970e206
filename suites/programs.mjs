/** Programs and threads of the suite, as entry points of esbuild, in the places that the compiler gives them. */
export const programs = [
  'suites/cli/main',
  'suites/runner/host/host-process',
  'suites/runner/judge/judge-worker',
  'suites/power/power-worker',
  'adapters/parallel/job/rank-worker',
].map((entry) => ({ in: `${entry}.ts`, out: entry }));
