import { describe, expect, it } from 'vitest';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { capabilitiesOf, caseOf, judge, kernelAfter, kernelOf, rightKernel } from './support.js';

const causal = caseOf({ mask: { name: 'causal' }, sizes: { m: 6, n: 6 } });
const emptyRows = caseOf({ mask: { name: 'causal' }, sizes: { m: 6, n: 4 } });

describe('oracle', () => {
  it('passes a right kernel, in every dtype and with empty rows', () => {
    for (const dtype of ['f64', 'f32', 'f16', 'bf16'] as const) {
      const capabilities = capabilitiesOf({ dtypes: [dtype] });
      for (const c of [causal, emptyRows]) expect(judge(oracle, rightKernel, { ...c, dtype }, capabilities)).toEqual({ status: 'pass' });
    }
  });

  it('fails a wrong value, and says where', () => {
    const kernel = kernelAfter((output, x, at) => (output === 'o' && at === 5 ? x + 0.1 : x));
    const judgement = judge(oracle, kernel, causal);
    expect(judgement).toMatchObject({ status: 'fail', class: 'value', output: 'o', index: [0, 0, 1, 2], call: 0 });
    expect(judgement).toHaveProperty('message', expect.stringMatching(/^o\[0, 0, 1, 2\] is .* times the bound$/));
  });

  it('fails a wrong LSE', () => {
    expect(
      judge(
        oracle,
        kernelAfter((output, x) => (output === 'lse' ? x + 0.1 : x)),
        causal,
      ),
    ).toMatchObject({ class: 'lse', output: 'lse' });
  });

  it('does not judge an LSE that is not claimed', () => {
    const kernel = kernelAfter((output, x) => (output === 'lse' ? x + 0.1 : x));
    expect(judge(oracle, kernel, causal, capabilitiesOf({ outputs: ['o'] }))).toEqual({ status: 'pass' });
  });

  it('fails NaN and infinities', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const kernel = kernelAfter((output, x, at) => (output === 'o' && at === 3 ? bad : x));
      expect(judge(oracle, kernel, causal)).toMatchObject({ class: 'nan', index: [0, 0, 1, 0], bound: expect.any(Number) });
    }
  });

  it.each([
    ['emptyOutput', 'zero'],
    ['emptyOutput', 'nan'],
    ['emptyOutput', 'mean'],
    ['emptyLse', '-inf'],
    ['emptyLse', '+inf'],
    ['emptyLse', 'zero'],
    ['emptyLse', 'nan'],
    ['emptyLse', 'finite'],
    ['lseBase', '2'],
  ])('holds a kernel to its dialect %s=%s', (axis, value) => {
    const c = { ...emptyRows, dialect: { [axis]: value } };
    expect(judge(oracle, rightKernel, c)).toEqual({ status: 'pass' });
    for (const other of { emptyOutput: ['zero', 'nan', 'mean'], emptyLse: ['-inf', '+inf', 'zero', 'nan', 'finite'], lseBase: ['e'] }[
      axis
    ] as string[]) {
      if (other === value) continue;
      const kernel = kernelOf((p) => ({ dialect: { ...p.dialect, [axis]: other } }));
      expect(judge(oracle, kernel, c)).toMatchObject({ status: 'fail', class: axis === 'lseBase' ? 'lse' : 'empty-row' });
    }
  });
});
