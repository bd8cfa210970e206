import { type ChildProcess, spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { runKernels, timeless } from './run-kernels.js';

/** Runs something beside as many endless loops. */
async function beside<T>(loops: number, work: () => Promise<T>): Promise<T> {
  const others: ChildProcess[] = Array.from({ length: loops }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  try {
    return await work();
  } finally {
    for (const other of others) other.kill('SIGKILL');
  }
}

it('a busy machine gives the plan, cases and verdicts of an idle one', { timeout: 300_000 }, async () => {
  const judged = () =>
    runKernels(['correct', 'ponders', 'uneven', 'hangs'], {
      filter: ['softmax/{full,causal}/{oracle,deterministic}/f32'],
      runs: 20,
      speed: undefined,
      timeout: 1,
      jobs: 2,
    });
  const idle = await judged();
  const busy = await beside(6, judged);
  expect(timeless(busy)).toEqual(timeless(idle));
  const verdicts = (adapter: string) => new Set(idle.checks.filter((c) => c.adapter === adapter).map((c) => c.verdict));
  expect([...verdicts('ponders')]).toEqual(['pass']);
  expect(verdicts('hangs').has('timeout')).toBe(true);
});
