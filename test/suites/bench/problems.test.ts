import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateCase } from '../../../generators/validate.js';
import { createLibrary } from '../../../spec/library.js';
import { flopsOf } from '../../../suites/bench/flops.js';
import { callOf, type Sweep, workloadsOf } from '../../../suites/bench/problems.js';

const library = createLibrary();
const sweep: Sweep = {
  operator: 'softmax',
  masks: [...library.masks.keys()],
  lengths: [64],
  dtypes: ['f32'],
  passes: ['forward'],
  sizes: { b: 1, hk: 1, g: 2, d: 8 },
  schemes: [],
  ranks: [],
  transport: 'workers',
  seed: 0,
};

describe('problems of a bench', () => {
  it('are cases, of every mask at every length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 600 }), (n) => {
        const workloads = workloadsOf(library, { ...sweep, lengths: [n] });
        expect(workloads).toHaveLength(library.masks.size);
        for (const [{ case: c }] of workloads) validateCase(library, c, JSON.stringify(c));
      }),
      { numRuns: 60 },
    );
  });

  it('have schemes side by side', () => {
    const [workload] = workloadsOf(library, { ...sweep, masks: ['causal'], schemes: ['ring', 'ring-zigzag'], ranks: [2] });
    expect(workload.map(({ case: c }) => c.parallel)).toEqual([
      { scheme: 'ring', ranks: 2, transport: 'workers' },
      { scheme: 'ring-zigzag', ranks: 2, transport: 'workers' },
    ]);
    expect(() => workloadsOf(library, { ...sweep, schemes: ['rong'], ranks: [2] })).toThrow(/there is no scheme "rong"/);
    expect(() => workloadsOf(library, { ...sweep, masks: ['casual'] })).toThrow(/there is no mask "casual"/);
  });

  it('are of any operator, under the masks that it has', () => {
    const workloads = workloadsOf(library, { ...sweep, operator: 'dilated' });
    expect(workloads.map(([{ case: c }]) => (c.mask as { name: string }).name)).toEqual(['full', 'causal']);
    for (const [{ case: c }] of workloads) validateCase(library, c, JSON.stringify(c));
    expect(() => workloadsOf(library, { ...sweep, operator: 'dilated', masks: ['padding'] })).toThrow(
      /dilated only has its built-in masks, full, causal/,
    );
    expect(() => workloadsOf(library, { ...sweep, operator: 'dilatd' })).toThrow(/there is no operator "dilatd"/);
  });

  it('change their values from call to call', () => {
    const [[problem]] = workloadsOf(library, { ...sweep, masks: ['full'] });
    const seeds = Array.from({ length: 1000 }, (_, count) => callOf(problem, count).case.values.seed);
    expect(new Set(seeds).size).toBe(1000);
    expect(seeds[0]).toBe(problem.case.values.seed);
  });

  it('cost what is visible', () => {
    const [[full]] = workloadsOf(library, { ...sweep, masks: ['full'] });
    const [[causal]] = workloadsOf(library, { ...sweep, masks: ['causal'] });
    expect(flopsOf(library, full.case, 'forward')).toBe(4 * 64 * 64 * 2 * 8);
    expect(flopsOf(library, causal.case, 'forward')).toBe((4 * (64 * 65) * 2 * 8) / 2);
    expect(flopsOf(library, full.case, 'backward')).toBe(2.5 * flopsOf(library, full.case, 'forward'));
    // softmax with a bias that takes no contraction; a state [d, e] for all tokens
    const [[dilated]] = workloadsOf(library, { ...sweep, operator: 'dilated', masks: ['causal'] });
    expect(flopsOf(library, dilated.case, 'forward')).toBe(flopsOf(library, causal.case, 'forward'));
    const [[linear]] = workloadsOf(library, { ...sweep, operator: 'linear', masks: ['full'] });
    expect(flopsOf(library, linear.case, 'forward')).toBe(2 * 64 * 8 * 8 + 2 * 2 * 64 * (8 * 8 + 8));
  });
});
