import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { title } from '../../backend.js';
import { interpreter, misbehaves, misdeeds, python } from '../../kernels/misbehaves.js';
import { asksAll, firstOf } from '../../some.js';
import { processesWith } from './process-table.js';
import { runKernels, scratch } from './run-kernels.js';

// Every misdeed is tried on the kernel alone in test/adapters/backends/process; the whole caseLoop over all of them is in test/accept/process-faults.ts.

const source = (...words: string[]) => `process:${interpreter} ${misbehaves} ${words.join(' ')}`;
const small = { filter: ['softmax/full/oracle/f32'], runs: 6 };
const some = firstOf(['wrong-dtype', 'segfault', 'nothing', 'writes-input'], 1);

function expectNothingLeft(tmp: string): void {
  expect(processesWith(tmp)).toEqual([]);
  expect(readdirSync(tmp)).toEqual([]);
}

describe.skipIf(python.missing)(title('a process that misbehaves gets its verdict', python), () => {
  test('the run goes on, and neither a process nor a file remains', async () => {
    const tmp = scratch();
    const expected = misdeeds.filter(({ way }) => some.includes(way));
    // each starts children that outlive it if they can
    const { complete, checks } = await runKernels([], { ...small, adapters: expected.map(({ way }) => source(way, tmp)), load: { tmp } });
    expect(complete).toBe(true);
    expect(checks.map((c) => [c.adapter, c.verdict, c.class])).toEqual(expected.map((m) => [`p-${m.way}`, m.verdict, m.failureClass]));
    for (const [i, { way, says }] of expected.entries()) {
      const { failure } = checks[i];
      if (says) expect(failure?.message, way).toMatch(says);
      if (failure) expect([failure.reproduced, failure.case.dims.n], way).toEqual([5, 2]);
    }
    expectNothingLeft(tmp);
  });

  test.skipIf(asksAll)('an endless loop costs a timeout; what it started ends with it', async () => {
    const tmp = scratch();
    const { checks } = await runKernels([], { ...small, adapters: [source('hang', tmp)], load: { tmp }, timeout: 1 });
    expect(checks.map((c) => [c.verdict, c.failure?.message])).toEqual([['timeout', 'no answer within 1 s of CPU time']]);
    expectNothingLeft(tmp);
  });

  test.skipIf(asksAll)('a case for which memory does not suffice is no failure, and is counted', async () => {
    const { checks } = await runKernels([], { ...small, adapters: [source('out-of-memory')] });
    expect(checks[0].failure).toBeUndefined();
    expect(checks[0].coverage?.['out-of-memory']).toBeGreaterThan(0);
  });

  test.skipIf(asksAll)('one that never answers is unavailable; the reason has what it printed', async () => {
    const tmp = scratch();
    const { adapters } = await runKernels([], { adapters: [source('no-start', tmp)], filter: [], load: { tmp }, startTimeout: 3 });
    expect(adapters[0].unavailable?.reason).toMatch(/no answer within 3 s of its start; it printed: waiting for a device/);
    expectNothingLeft(tmp);
  });
});
