import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../../spec/types/documents.js';
import { expectationLookup } from '../../../suites/plan/expectations.js';
import { runKernels } from './run-kernels.js';

const why = 'a test';
const run = async (entries: Expectation[], kernel = 'nan') =>
  (await runKernels([kernel], { expectations: expectationLookup(entries), filter: ['softmax/any/deterministic/f32'], runs: 24, jobs: 1 }))
    .checks[0];

describe('a failure that is expected', () => {
  test('by its class is marked so', async () => {
    expect(await run([{ check: '**', verdict: 'fail', class: 'refused', why }], 'throws')).toMatchObject({
      verdict: 'fail',
      class: 'refused',
      expected: true,
    });
  });

  test('of another class is new', async () => {
    const check = await run([{ check: '**', verdict: 'fail', class: 'value', why }], 'throws');
    expect(check).toMatchObject({ verdict: 'fail', class: 'refused' });
    expect(check.expected).toBeUndefined();
  });

  test('for certain cases alone ends nothing: every case is judged', async () => {
    const check = await run([{ check: '**', verdict: 'fail', class: 'refused', when: { operator: 'softmax' }, why }], 'throws');
    expect(check, check.reason).toMatchObject({ verdict: 'fail', expected: true, cases: 24 });
    expect(check.failure?.case.dims.n).toBe(20);
  });

  test('for other cases is new', async () => {
    const check = await run([{ check: '**', verdict: 'fail', class: 'refused', when: { dims: { n: 33 } }, why }], 'throws');
    expect(check.expected).toBeUndefined();
    // and does not shrink into the one that is known
    expect(check.failure?.case.dims.n).toBe(20);
  });

  test('for cases of which none was judged is not missed', async () => {
    const entry = { check: '**', verdict: 'fail', why } as const;
    expect((await run([{ ...entry, when: { dims: { n: 33 }, operator: 'linear' } }], 'correct')).expected).toBeUndefined();
    expect((await run([{ ...entry, when: { operator: 'softmax' } }], 'correct')).expected).toBe(false);
  });

  test('that passes is reported, unless it is flaky', async () => {
    expect(await run([{ check: '**', verdict: 'fail', why }], 'correct')).toMatchObject({ verdict: 'pass', expected: false });
    expect((await run([{ check: '**', verdict: 'fail', flaky: true, why }], 'correct')).expected).toBeUndefined();
  });
});
