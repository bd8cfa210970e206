import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Call } from '../../../../adapters/kernel.js';
import type { Case } from '../../../../spec/types/documents.js';
import { gradient } from '../../../../suites/properties/kernel/gradient.js';
import { oracle } from '../../../../suites/properties/kernel/oracle.js';
import { claims, diagnoseKernel, forwardOf, referenceWith } from '../../properties/on-kernel.js';
import { caseOf } from '../../properties/support.js';

const c = caseOf({ mask: { name: 'causal' }, sizes: { m: 5, n: 7, hk: 2, g: 2, d: 6, e: 9 } });
const given: Case = { ...c, options: { scale: 0.3 } };

/** Returns what is said of a kernel that computes a case with other options. */
async function hintOf(drawn: Case, options: Case['options']): Promise<string | undefined> {
  const kernel = forwardOf((call, right) => right({ ...call, case: { ...call.case, options } }));
  const judgement = await diagnoseKernel(oracle, kernel, drawn);
  if (judgement.status !== 'fail') throw new Error(`this kernel must fail: ${JSON.stringify(judgement)}`);
  return judgement.hint?.replace('the output matches ', '');
}

describe('hints of a wrong scale', () => {
  it.each<[string, number, Case]>([
    ['a scale of 1, whatever scale was given', 1, given],
    ['the scale applied twice', 0.09, given],
    ['scores divided by the scale instead of multiplied by it', 1 / 0.3, given],
    ['the square root of the scale, as if only one of Q and K had it', 6 ** -0.25, c],
    ['scores with the opposite sign', -0.3, given],
    ['exponentials to base 2 instead of e: the factor log2 e is missing', 0.3 * Math.LN2, given],
    ['scores multiplied by log2 e, but exponentials to base e', Math.LOG2E / Math.sqrt(6), c],
    ['a default scale from the head size of V', 1 / 3, c],
    ['a default scale from half of the head size', 1 / Math.sqrt(3), c],
    ['a default scale from the head size times the number of query heads', 1 / Math.sqrt(24), c],
    ['a default scale from the number of keys', 1 / Math.sqrt(7), c],
    ['a default scale from a head size of 80, whatever the head size is', 1 / Math.sqrt(80), c],
  ])('%s', async (said, scale, drawn) => {
    expect(await hintOf(drawn, { scale })).toBe(said);
  });

  it('that is applied twice, if none was given, leave open what is done with one that is', async () => {
    expect(await hintOf(c, { scale: 1 / 6 })).toBe('the scale applied twice, and also the default scale applied twice');
  });

  it('tell what explains o, if the LSE is none of that answer', async () => {
    const wrong = forwardOf(async (call, right) => {
      const { lse } = await right(call);
      return { ...(await right({ ...call, case: { ...call.case, options: { scale: 0.3 * Math.LN2 } } })), lse };
    });
    expect(await diagnoseKernel(oracle, wrong, given)).toMatchObject({
      hint: 'the output matches exponentials to base 2 instead of e: the factor log2 e is missing, in o alone',
    });
  });

  it('that no rule gives are measured, and given as the roundest number', async () => {
    expect(await hintOf(given, { scale: 0.31 })).toBe('a scale of 0.31, whatever scale the case has');
    expect(await hintOf(c, { scale: 0.99 / Math.sqrt(6) })).toBe('scores multiplied by 0.99 times the scale');
    expect(await hintOf(c, { scale: 3.1415 / Math.sqrt(6) })).toBe('scores multiplied by 3.1415 times the scale');
  });

  it.prop([fc.integer({ min: 3, max: 499 }).filter((x) => Math.abs(x - 100) > 1)], { numRuns: 10 })(
    'are found from a fiftieth to five times the scale',
    async (percent) => {
      const hint = await hintOf({ ...c, options: { scale: 0.37 } }, { scale: (percent / 100) * 0.37 });
      // a rule may give the same scale
      if (hint?.includes('times the scale')) expect(hint).toBe(`scores multiplied by ${percent / 100} times the scale`);
      else expect(hint).toMatch(/scale|exponentials/);
    },
  );

  it('are measured in gradients too', async () => {
    const small = caseOf({ mask: { name: 'causal' }, sizes: { m: 3, n: 4, d: 2, e: 3 } });
    const right = referenceWith();
    const other = (call: Call) => ({ ...call, case: { ...call.case, options: { scale: 0.9 * Math.SQRT1_2 } } });
    const wrong = { ...right, backward: async (call: Call) => (await right.backward?.(other(call))) ?? {} };
    expect(await diagnoseKernel(gradient, wrong, small, claims({ gradients: true }))).toMatchObject({
      hint: 'the output matches scores multiplied by 0.9 times the scale',
    });
  });

  it('are not measured where one scale explains what is wrong by chance', async () => {
    const small = caseOf({ mask: { name: 'causal' }, sizes: { b: 1, hk: 1, g: 1, m: 1, n: 2, d: 2, e: 1 } });
    expect(await hintOf(small, { scale: 0.9 })).toBeUndefined();
  });
});

describe('hints of a softcap', () => {
  it.each<[string, Case['options']]>([
    ['a softcap before the scale', { scale: 0.7, softcap: 1.5 * 0.7 }],
    ['tanh of the score by the softcap, not multiplied by the softcap', { scale: 0.7 / 1.5, softcap: 1 }],
    ['the softcap times tanh of the score, not divided by the softcap before', { scale: 0.7 * 1.5, softcap: 1.5 }],
  ])('%s', async (said, options) => {
    expect(await hintOf({ ...c, options: { softcap: 1.5, scale: 0.7 } }, options)).toBe(said);
  });
});
