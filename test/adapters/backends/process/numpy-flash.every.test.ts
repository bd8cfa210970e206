import { describe, expect, test } from 'vitest';
import { title } from '../../../backend.js';
import { numpy, numpyFaults, numpyFlash } from '../../../kernels/numpy-flash.js';
import { asksAll, firstOf } from '../../../some.js';
import { runKernels } from '../../../suites/runner/run-kernels.js';

// At the default budget, and every check: test/accept/process-faults.ts.

describe.skipIf(numpy.missing)(title('a kernel in NumPy that somebody else wrote', numpy), () => {
  test.skipIf(asksAll)('conforms as it is', async () => {
    const { adapters, checks } = await runKernels([], {
      adapters: [numpyFlash()],
      profiles: ['training'],
      filter: ['softmax/{causal,sliding-window}/{oracle,gradient}/f32', 'softmax+all/**', 'softmax/any/{deterministic,lse-merge}/**'],
      runs: 8,
    });
    expect(adapters[0].environment).toMatchObject({ numpy: expect.any(String), python: expect.any(String) });
    expect(checks.map((c) => [c.id, c.verdict, c.failure?.message]).filter(([, verdict]) => verdict !== 'pass')).toEqual([]);
    expect(checks.length).toBeGreaterThan(7);
  });

  test.each(firstOf(Object.entries(numpyFaults), 2))('is found with --fault %s', async (fault, check) => {
    const { checks } = await runKernels([], {
      adapters: [numpyFlash('--fault', fault)],
      profiles: ['training'],
      filter: [check],
      runs: 25,
    });
    expect(checks.map((c) => [c.id, c.verdict])).toEqual([[check, 'fail']]);
  });
});
