import { describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../../../adapters/controls/second-form/capabilities.js';
import { drawCase, hashText } from '../../../generators/lib/seeds.js';
import { problemOf } from '../../../generators/problem.js';
import { caseArbitrary } from '../../../generators/whole/case.js';
import { resolveCapabilities } from '../../../spec/claims/capabilities.js';
import { Claims } from '../../../spec/claims/claims.js';
import { createLibrary } from '../../../spec/library.js';
import { secondForm } from '../../../spec/operator/facts.js';
import { expectationOf } from '../../../spec/oracle/oracle.js';
import { judgedBound } from '../../../spec/oracle/output-bound.js';
import { computeRounded } from '../../../spec/program/interpret.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import type { Distribution, DType, Operator, Statement } from '../../../spec/types/documents.js';
import { asksAll, runsOf, someOperators } from '../../some.js';

const library = createLibrary();
const storesProbabilities = (operator: Operator) =>
  operator.program.some((statement: Statement) => statement[2] && 'store' in statement[2]);
const storing = [...library.operators.values()].filter(storesProbabilities).map(({ name }) => name);

/**
 * The largest error of gradients, in bounds, of a kernel that computes in f32, stores probabilities and gradients of scores in the type of a case, and reads
 * Δ from the stored output, as flash kernels do.
 */
function largestError(
  name: string,
  dtype: DType,
  count: number,
  kernel = library.operators.get(name) as Operator,
  distributions?: Distribution[],
): number {
  const operator = library.operators.get(name) as Operator;
  const claims = Claims.of(library, resolveCapabilities(capabilitiesOf([operator]), 'test'));
  const needs = { gradients: true, work: 4000, ...(distributions && { distributions }) };
  const cases = caseArbitrary(claims, { operator: name, mask: 'any', dtype, needs });
  let largest = 0;
  for (let index = 0; index < count; index++) {
    const problem = problemOf(claims, drawCase(cases, hashText(index, name)).value, true);
    const given = computeRounded({ ...problem, operator: kernel }, true, 'f32');
    for (const [output, expected] of Object.entries(expectationOf(problem, true).outputs)) {
      expected.value.forEach((value, i) => {
        const x = roundTo(dtype, given[output].value[i]);
        const error = Object.is(x, value) || x === value ? 0 : Math.abs(x - value);
        const bound = judgedBound(expected, i, error, dtype, false);
        if (error !== 0 && bound < Infinity) largest = Math.max(largest, Number.isNaN(error) ? Infinity : error / bound);
      });
    }
  }
  return largest;
}

describe('kernels that store probabilities and score gradients in 16 bits, and read the mean of score gradients from the stored output', () => {
  it.each(someOperators(storing).flatMap((name) => (['f16', 'bf16'] as const).map((dtype) => [name, dtype] as const)))(
    '%s in %s',
    (name, dtype) => {
      expect(largestError(name, dtype, runsOf(3, 12))).toBeLessThanOrEqual(1);
    },
  );

  it.skipIf(asksAll)('are right where the mean is large beside what is left of it', () => {
    for (const dtype of ['f16', 'bf16'] as const) expect(largestError('qk-norm', dtype, 20, undefined, ['offset'])).toBeLessThanOrEqual(1);
  });

  it.each([
    ['block-lists', 'peaked'],
    ['dilated', 'heavy-tailed'],
  ] as const)('are right if they store the parts of %s apart', (name, distribution) => {
    const second = secondForm(library.operators.get(name) as Operator);
    expect(largestError(name, 'f16', runsOf(20, 60), second, [distribution])).toBeLessThanOrEqual(1);
  });

  it('are right if they store score gradients after the scale', () => {
    expect(largestError('diag-attention', 'f16', runsOf(20, 60), undefined, ['peaked'])).toBeLessThanOrEqual(1);
  });
});
