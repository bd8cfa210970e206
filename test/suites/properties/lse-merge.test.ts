import { describe, expect, it } from 'vitest';
import { Claims } from '../../../spec/claims/claims.js';
import type { Case } from '../../../spec/types/documents.js';
import { lseMerge } from '../../../suites/properties/kernel/lse-merge.js';
import { capabilitiesOf, caseOf, diagnosed, judge, kernelAfter, kernelOf, library, rightKernel } from './support.js';

const c = caseOf({ mask: { name: 'causal' }, sizes: { m: 5, n: 9 }, split: [0, 3, 0, 4, 2] });

describe('lse-merge', () => {
  it('is asked where the LSE is claimed, and masks of parts can be sent', () => {
    expect(lseMerge.unsupported(capabilitiesOf())).toBeUndefined();
    expect(lseMerge.unsupported(capabilitiesOf({ outputs: ['o'] }))).toMatch(/LSE/);
    expect(lseMerge.unsupported(capabilitiesOf({ masks: ['causal'], denseMask: false }))).toMatch(/dense/);
    expect(lseMerge.unsupported(capabilitiesOf({ limits: { m: '=n' } }))).toMatch(/m = n/);
  });

  it('calls each part that has keys, with the sink in the first of them and no ALiBi', () => {
    const calls = lseMerge.calls({ ...c, options: { sink: true, alibi: true, softcap: 3 } }, Claims.of(library, capabilitiesOf()));
    expect(calls.map((call) => call.case.block)).toEqual([
      { queries: [0, 5], keys: [0, 3], of: { name: 'causal' }, whole: [5, 9] },
      { queries: [0, 5], keys: [3, 7], of: { name: 'causal' }, whole: [5, 9] },
      { queries: [0, 5], keys: [7, 9], of: { name: 'causal' }, whole: [5, 9] },
    ]);
    expect(calls.map((call) => call.case.dims.n)).toEqual([3, 4, 2]);
    expect(calls.map((call) => call.case.options)).toEqual([{ sink: true, softcap: 3 }, { softcap: 3 }, { softcap: 3 }]);
    expect(calls.every((call) => call.case.split === undefined)).toBe(true);
  });

  it('passes a right kernel, whatever its dialect, with a sink, and with rows that no part or few parts show', () => {
    const dialects: NonNullable<Case['dialect']>[] = [
      {},
      { lseBase: '2' },
      { lseSink: 'excluded' },
      { emptyOutput: 'nan', emptyLse: 'nan' },
      { emptyOutput: 'mean', emptyLse: 'finite' },
    ];
    const choices: Case['options'][] = [{}, { sink: true }];
    for (const dialect of dialects) {
      for (const options of choices) {
        for (const sizes of [
          { m: 5, n: 9 },
          { m: 11, n: 9 },
        ]) {
          for (const dtype of ['f64', 'f32', 'bf16'] as const) {
            const drawn: Case = { ...c, dtype, options, dialect, dims: { ...c.dims, ...sizes } };
            expect(judge(lseMerge, rightKernel, drawn, capabilitiesOf({ dtypes: [dtype] })), JSON.stringify(drawn)).toEqual({
              status: 'pass',
            });
          }
        }
      }
    }
  });

  it('fails an LSE in base 2, and says so', () => {
    const kernel = kernelOf((p) => ({ dialect: { ...p.dialect, lseBase: '2' } }));
    expect(diagnosed(lseMerge, kernel, c)).toMatchObject({
      status: 'fail',
      class: 'lse-merge',
      output: 'o',
      hint: expect.stringContaining('--dialect lseBase=2 '),
    });
    expect(judge(lseMerge, kernel, { ...c, split: [9] })).toMatchObject({ class: 'lse-merge', output: 'lse' });
  });

  it('fails a kernel that leaves the maximum out of the LSE, or a part', () => {
    expect(
      judge(
        lseMerge,
        kernelAfter((output, x, _, index) => (output === 'lse' && index === 1 ? x - 1 : x)),
        c,
      ),
    ).toMatchObject({ class: 'lse-merge' });
    const lost = kernelAfter((output, x, at, index) => (index === 2 && at === 4 ? (output === 'lse' ? -Infinity : 0) : x));
    expect(judge(lseMerge, lost, c)).toMatchObject({ class: 'lse-merge', index: [0, 0, 4, expect.any(Number)] });
  });

  it('never passes NaN from a part', () => {
    for (const bad of ['o', 'lse']) {
      const kernel = kernelAfter((output, x, at, index) => (output === bad && index === 0 && at === 3 ? NaN : x));
      expect(judge(lseMerge, kernel, c)).toMatchObject({ class: 'nan' });
    }
  });

  it('says over which parts it merged', () => {
    const kernel = kernelAfter((output, x) => (output === 'o' ? x + 1 : x));
    expect(judge(lseMerge, kernel, c)).toHaveProperty('message', expect.stringMatching(/^merged over key lengths \[0,3,0,4,2\]: o\[/));
  });
});
