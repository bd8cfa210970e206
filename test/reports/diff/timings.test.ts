import { describe, expect, it } from 'vitest';
import { diffBenches } from '../../../reports/diff/timings.js';
import type { Bench, Timing } from '../../../spec/types/documents.js';
import { caseOf, madeUpBench, timing, without } from '../made-up-bench.js';

const bench = (timings: readonly Timing[], more: Partial<Bench> = {}): Bench => ({ ...madeUpBench, timings: [...timings], ...more });
const ratio = (p50: number, reach: number) => ({ ratio: { p50, low: p50 - reach, high: p50 + reach, pairs: 25 } });
const changes = (old: Timing, now: Timing, more: Partial<Bench> = {}) => diffBenches(bench([old]), bench([now], more)).timings;

describe('timings', () => {
  it('do not differ from themselves', () => {
    expect(diffBenches(madeUpBench, structuredClone(madeUpBench))).toEqual({ timings: [], timed: [], otherMachine: false });
  });

  it('differ by ratio where both have one, whatever the times', () => {
    expect(changes(timing('reference', 1, ratio(1.5, 0.1)), timing('reference', 9, ratio(1.55, 0.1)))).toEqual([]);
    expect(changes(timing('reference', 1, ratio(1.5, 0.1)), timing('reference', 1, ratio(2, 0.1)))).toEqual([
      {
        candidate: 'reference',
        problem: 'causal, 256 keys, forward, f32, batch 1, 1 query heads, 1 key heads of 1',
        by: 'ratio',
        old: 1.5,
        now: 2,
      },
    ]);
  });

  it('do not differ within noise, nor by less than a twentieth', () => {
    expect(changes(timing('reference', 1, ratio(1.5, 0.3)), timing('reference', 1, ratio(2, 0.3)))).toEqual([]);
    expect(changes(timing('reference', 1, ratio(1.5, 0.001)), timing('reference', 1, ratio(1.52, 0.001)))).toEqual([]);
  });

  it('differ by time on the same machine alone, where there is no ratio to the same baseline', () => {
    expect(changes(timing('mine', 1), timing('mine', 1.2))).toMatchObject([{ by: 'time', old: 1, now: 1.2 }]);
    expect(changes(timing('mine', 1), timing('mine', 1.2), { machine: { cpu: 'another' } })).toEqual([]);
    const [a, b] = [timing('reference', 1, ratio(1, 0.01)), timing('reference', 1, ratio(2, 0.01))];
    expect(changes(a, b, { machine: { cpu: 'another' } })).toHaveLength(1);
    expect(changes(a, b, { baseline: 'stranger' })).toEqual([]);
    const newer = madeUpBench.adapters.map((one) => ({ ...one, version: '2.0.0' }));
    expect(changes(a, b, { adapters: newer })).toEqual([]);
  });

  it('take a wide spread for noise', () => {
    const noisy = (p50: number) => {
      const { latency, ...rest } = timing('mine', p50);
      return { ...rest, latency: { ...(latency as NonNullable<Timing['latency']>), mad: p50 / 3 } };
    };
    expect(changes(noisy(1), noisy(1.2))).toEqual([]);
    expect(changes(noisy(1), noisy(4))).toHaveLength(1);
  });

  it('are of the same problem, whatever its values', () => {
    const seeded = (n: number, seed: number) => ({ case: { ...caseOf('causal', n), values: { distribution: 'normal' as const, seed } } });
    expect(changes(timing('mine', 1, seeded(256, 1)), timing('mine', 2, seeded(256, 2)))).toHaveLength(1);
    expect(changes(timing('mine', 1, seeded(256, 1)), timing('mine', 2, seeded(512, 1)))).toEqual([]);
  });

  it('that are gone, or new, are told by verdict', () => {
    const { timed } = diffBenches(bench([timing('mine', 1)]), bench([without('mine', 'wrong', 'off')]));
    expect(timed).toMatchObject([{ candidate: 'mine', old: 'timed', now: 'wrong' }]);
    expect(diffBenches(bench([without('mine', 'failed', 'a')]), bench([without('mine', 'unsupported', 'b')])).timed).toEqual([]);
  });
});
