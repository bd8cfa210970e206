import { describe, expect, it } from 'vitest';
import { caseSeed, drawCase } from '../../../generators/lib/seeds.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { Claims } from '../../../spec/claims/claims.js';
import type { Dialect } from '../../../spec/types/documents.js';
import { oracle } from '../../../suites/properties/kernel/oracle.js';
import { dialectKernel } from '../../kernels/dialects.js';
import { claims, diagnoseKernel, library } from './on-kernel.js';

const operators = ['linear', 'linear-causal'];

/** Cases of linear attention on a kernel of one dialect, judged by another. */
async function judged(operator: string, behaves: Dialect, declares: Dialect, options: 'eps'[] = []) {
  const capabilities = claims({ operators, dtypes: ['f64'], options, dialect: declares });
  const arbitrary = caseArbitrary(Claims.of(library, capabilities), { operator, mask: 'full', dtype: 'f64', needs: {} });
  const judgements = [];
  for (let index = 0; index < 30; index++)
    judgements.push(await diagnoseKernel(oracle, dialectKernel(behaves), drawCase(arbitrary, caseSeed(5, index, 0)).value, capabilities));
  return judgements;
}

describe.each(operators)('the default eps of %s', (operator) => {
  it('is what is declared', async () => {
    for (const defaultEps of ['1e-10', '1e-6', '0'] as const) {
      const right = await judged(operator, { defaultEps }, { defaultEps });
      expect(right.filter(({ status }) => status === 'fail')).toEqual([]);
    }
  });

  it('is named where another one explains the failure', async () => {
    const wrong = (await judged(operator, { defaultEps: '1e-10' }, {})).filter((judgement) => judgement.status === 'fail');
    expect(wrong.length).toBeGreaterThan(5);
    const hints = wrong.map(({ hint }) => hint ?? '').filter((hint) => hint.includes('--dialect defaultEps=1e-10'));
    expect(hints.length).toBeGreaterThan(0);
    expect(hints[0]).toContain(`(see the check ${operator}/any/dialect/f64)`);
    const other = (await judged(operator, { defaultEps: '1e-6' }, { defaultEps: '1e-10' })).filter(
      (judgement) => judgement.status === 'fail',
    );
    expect(other.some(({ hint }) => hint?.includes('--dialect defaultEps=1e-6'))).toBe(true);
  });
});
