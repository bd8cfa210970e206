import { expect, it } from 'vitest';
import type { Kernel } from '../../../adapters/kernel.js';
import { InProcessJudge } from '../../../suites/runner/in-process.js';
import { KnownFailures } from '../../../suites/runner/search/known-failures.js';
import { forwardOf } from '../properties/on-kernel.js';
import { checked } from './checked.js';

/** A judge that counts the cases for which every hypothesis is tried. */
class CountingJudge extends InProcessJudge {
  searched = 0;

  override judge(work: Parameters<InProcessJudge['judge']>[0]) {
    if (work.property === 'oracle' && work.diagnose && !work.suppose) this.searched += work.cases.length;
    return super.judge(work);
  }
}

/** Judges checks of one kernel as a run does. @returns the hint of each, and for how many cases all hypotheses were tried. */
async function together(kernel: Kernel, ids: readonly string[]) {
  const known = new KnownFailures();
  const results = [];
  for (const id of ids) {
    const judge = new CountingJudge();
    const { verdict, failure } = await checked(kernel, id, {}, 0, judge, known);
    expect(verdict).toBe('fail');
    results.push({ hint: failure?.hint, searched: judge.searched });
  }
  return results;
}

const masks = ['causal', 'sliding-window', 'document', 'prefix-causal', 'share-question'].map((mask) => `softmax/${mask}/oracle/f32`);

it('what explains one failure of a kernel is what others are held to first', async () => {
  const scaled = forwardOf((call, right) => right({ ...call, case: { ...call.case, options: {} } }));
  const [first, ...others] = await together(scaled, masks.slice(0, 3));
  expect(first.hint).toBeDefined();
  expect(first.searched).toBeGreaterThan(0);
  for (const other of others) expect(other).toEqual({ hint: first.hint, searched: 0 });
});

it('an explanation that is not found for several failures alike is not looked for in each', async () => {
  const noise = forwardOf(async (call, right) => {
    const { o, ...outputs } = await right(call);
    return { ...outputs, o: { ...o, data: (o.data as Float32Array).map((x) => Math.fround(x + 0.37 * Math.sin(1e4 * x) + 0.1)) } };
  });
  const results = await together(noise, masks);
  expect(results.map(({ hint }) => hint)).toEqual(masks.map(() => undefined));
  expect(results.map(({ searched }) => searched > 0)).toEqual([true, true, true, false, false]);
});
