import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import { resolveNumeric } from '../../../spec/numeric/profile.js';
import { weightsWithoutQueries } from '../../../spec/operator/read-out.js';
import { type DType, floatFormats } from '../../../spec/tensor/dtype.js';
import { roundTo } from '../../../spec/tensor/float-bits.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { JudgeContext, Judgement, Property } from '../../contract/property.js';
import { unravel } from '../../judging/compared.js';
import { toJsonNumber, toText } from '../../judging/json-number.js';
import { judgeCall } from '../lib/compare-call.js';

/** Largest magnitude in V (generators/values/element.ts, valueInteger). */
const LARGEST = 8;

const HINT =
  'equal weights are not equal, or do not add up: exp(0) is not 1, weights or the normaliser are rounded or approximated, or the output is rounded twice';

/**
 * With Q = 0 every weight is exp(0) = 1, and V holds small integers: for 2ᵏ visible keys, sums are
 * exact in any order and so is the division by 2ᵏ. The output must be the exact mean. At most 64
 * keys: a kernel that splits longer rows merges by exp(lse₁ − lse₂), which is inexact.
 */
export const dyadicExact: Property = {
  name: 'dyadic-exact',
  title: 'an output that every order of summation gives exactly is exact',
  perMask: false,
  perFeature: false,
  needs: { distributions: ['dyadic'], plainScores: true, limits: { n: [2, 4, 8, 16, 32, 64] }, passes: 1 },
  unsupported: (capabilities, operator) =>
    operator && weightsWithoutQueries(operator) !== 'mean'
      ? `with q = 0 the output of ${operator.name} is not the mean of the visible values`
      : whyInexact(capabilities),
  calls: (c) => [{ command: 'forward', case: c }],
  judge: (context) => {
    const bounded = judgeCall(context, 0);
    return bounded.status === 'pass' ? judgeExactly(context) : bounded;
  },
};

function whyInexact({ dtypes, numeric }: FullCapabilities): string | undefined {
  const profiles = dtypes.map((dtype) => resolveNumeric(dtype, numeric));
  if (profiles.some(({ exp }) => exp > 0)) return 'its exponential is declared as approximate: exp(0) need not be 1';
  if (profiles.some(({ partialsStored }) => partialsStored)) return 'its partial outputs are declared as rounded to storage';
  if (profiles.some(({ merge }) => merge)) return 'it is declared to merge results over parts of the keys, whose weights are not exact';
  return undefined;
}

function judgeExactly(context: JudgeContext): Judgement {
  const [{ case: c }] = context.calls;
  const { b, hk, g, m, e } = c.dims;
  const {
    outputs: { o: expected },
    rows: judged,
  } = context.expectation(c, false);
  const { o } = context.results[0];
  const actual = valuesOf(o);
  const dtype = o.dtype as DType;
  let decided = 0;
  for (let row = 0; row < b * hk * g * m; row++) {
    if (judged?.[row] === 0) continue;
    const count = visibleKeys(context, row);
    if (!isExact(context, count)) continue;
    for (let at = row * e; at < (row + 1) * e; at++) {
      const exact = expected.value[at];
      if (roundTo(dtype, exact) !== exact) continue;
      decided++;
      if (actual[at] === exact) continue;
      const index = unravel(at, expected.shape);
      return {
        status: 'fail',
        class: 'dyadic-exact',
        output: 'o',
        index,
        expected: toJsonNumber(exact),
        actual: toJsonNumber(actual[at]),
        bound: 0,
        message: `o[${index.join(', ')}] is ${toText(actual[at])}, must be exactly ${toText(exact)}: the mean of small integers over ${count === 1 ? '1 key' : `${count} keys`} of equal weight`,
        hint: HINT,
        call: 0,
      };
    }
  }
  return decided > 0 ? { status: 'pass' } : { status: 'undecided', reason: 'no row sees a number of keys that is a power of two' };
}

function isExact({ numeric }: JudgeContext, count: number): boolean {
  return count > 0 && (count & (count - 1)) === 0 && LARGEST * count <= 1 / floatFormats[numeric.accumulate].roundoff;
}

function visibleKeys(context: JudgeContext, row: number): number {
  const { mask } = context.problem(context.calls[0].case);
  const { hk, g, m, n } = context.calls[0].case.dims;
  const head = Math.floor(row / m);
  let count = 0;
  for (let j = 0; j < n; j++) if (mask.visible(Math.floor(head / (hk * g)), head % (hk * g), row % m, j)) count++;
  return count;
}
