import { describe, expect, it } from 'vitest';
import { type Dialect, type DialectAxis, dialectAxes } from '../../../../spec/dialect.js';
import type { Case } from '../../../../spec/types/documents.js';
import { planDialect } from '../../../../suites/diagnosis/dialect/plan.js';
import { dialectKernel } from '../../../kernels/dialects.js';
import { claims, type Forward, found, infer, outputsOf, withElements } from './inferred.js';

describe('what is not inferred, or from some of the calls alone', () => {
  /** Forward pass with one dialect for few queries, keys or channels, and another for many. */
  const fromSize = (many: (dims: Case['dims']) => boolean, few: Dialect, then: Dialect): Forward => {
    const [small, large] = [dialectKernel(few), dialectKernel(then)];
    return (call) => (many(call.case.dims) ? large : small).forward(call);
  };

  it.each([
    ['from m = 64', ({ m }: Case['dims']) => m >= 64],
    ['in whole tiles of 64', ({ m }: Case['dims']) => m % 64 === 0],
    ['from n = 200', ({ n }: Case['dims']) => n >= 200],
    ['with 64 channels', ({ d }: Case['dims']) => d === 64],
  ])('is that NaN leaks where it does %s alone, with both answers', async (_, many) => {
    const forward = fromSize(many, {}, { maskedNaN: 'leaks' });
    const findings = infer(
      (await outputsOf(forward, claims())).map((outputs) => ({ outputs })),
      claims(),
    );
    const nan = findings.find(({ axis }) => axis === 'maskedNaN');
    expect(nan).toMatchObject({
      status: 'inferred',
      values: ['leaks'],
      reason: expect.stringMatching(/contradict each other: shielded in .* m=[46] .*; leaks in .*; one leak decides/),
    });
    expect(findings.filter(({ axis, values, declared }) => axis !== 'maskedNaN' && !values.includes(declared))).toEqual([]);
  });

  it.each<[DialectAxis, string]>([
    ['causal', 'top-left'],
    ['emptyOutput', 'nan'],
    ['emptyLse', 'zero'],
    ['window', 'exclusive'],
  ])('is nothing of %s where it depends on the size, and says what it is at either', async (axis, value) => {
    const forward = fromSize(({ m }) => m > 63, {}, { [axis]: value });
    const findings = infer(
      (await outputsOf(forward, claims())).map((outputs) => ({ outputs })),
      claims(),
    );
    expect(findings.find((finding) => finding.axis === axis)).toMatchObject({
      status: 'not-inferred',
      values: [],
      reason: expect.stringMatching(new RegExp(`contradict each other: ${dialectAxes[axis][0]} in .*; ${value} in .* m=\\d{2,}`)),
    });
  });

  const constants: [string, () => number][] = [
    ['NaN', () => NaN],
    ['noise', noise()],
    ['zero', () => 0],
    ['infinity', () => Infinity],
  ];
  it.each(constants)('is nothing where every answer is %s', async (name, element) => {
    const answers = await found(withElements(dialectKernel({}).forward, element));
    // constant outputs cannot be told from inputs that have no effect
    const { maskedNaN, ...others } = answers;
    expect(new Set(Object.values(others))).toEqual(new Set(['not-inferred']));
    if (name !== 'zero') expect(maskedNaN).toBe('not-inferred');
  });

  it('is nothing where the kernel refuses, and says what it said', () => {
    const capabilities = claims();
    const answers = planDialect(capabilities, 'f32').calls.map(() => ({ refused: 'error: no such thing' }));
    for (const { status, evidence } of infer(answers, capabilities)) {
      expect(status).toBe('not-inferred');
      expect(evidence[0].text).toMatch(/: error: no such thing$/);
    }
  });
});

/** Source of pseudo-random numbers in [-1, 1), a different one at every call. */
function noise(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
