import { expect, it } from 'vitest';
import type { Case } from '../../../spec/types/documents.js';
import { patienceWith } from '../../../suites/runner/host/host-supervisor.js';

const caseOf = (n: number, distribution: Case['values']['distribution'], ranks?: number): Case => ({
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: n, n, d: 128, e: 128 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution, seed: 0 },
  ...(ranks !== undefined && { parallel: { scheme: 'ring', ranks } }),
});

it('waits for a call over a long sequence as its length and its ranks say, and no longer for others', () => {
  expect(patienceWith(caseOf(2 ** 20, 'normal'))).toBe(1);
  for (const distribution of ['targeted', 'counted', 'codebook'] as const) {
    expect(patienceWith(caseOf(1000, distribution))).toBe(6);
    expect(patienceWith(caseOf(2 ** 20, distribution))).toBeGreaterThan(8 * patienceWith(caseOf(2 ** 16, distribution)));
    expect(patienceWith(caseOf(1000, distribution, 4))).toBe(24);
  }
});
