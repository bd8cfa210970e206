import { gamma, type NumericProfile, outputStore, probabilityStore } from '../../spec/numeric/profile.js';
import { plainAttention } from '../../spec/oracle/streamed.js';
import { floatFormats } from '../../spec/tensor/dtype.js';
import { valuesOf } from '../../spec/tensor/tensor.js';
import type { FailJudgement } from '../contract/property.js';
import { unravel } from '../judging/compared.js';
import { toJsonNumber, toText } from '../judging/json-number.js';
import type { JudgedPart } from './judge-tensors.js';

/** Relative error of a product in TF32, whose operands have 10 bits behind the point. */
const TF32 = 2 ** -11;

/**
 * Judges every element of o by the values of its key head: softmax weights are not negative and
 * sum to 1 at most, so each element lies between the smallest and the largest value of its channel,
 * up to the roundings of weights, sums and stores. An element is wrong if it lies outside.
 * @returns undefined if all lie inside, or if the operator is no plain softmax attention.
 */
export function judgeRange({ problem, outputs: { o } }: JudgedPart): FailJudgement | undefined {
  if (!o || !plainAttention(problem)) return undefined;
  const { v, sink } = problem.inputs;
  const { emptyOutput } = problem.dialect;
  const [n, e] = v.shape.slice(-2);
  const values = valuesOf(o);
  const slack = slackOf(problem.numeric, n);
  const runs = new Int32Array(n + 2);
  const { heads, m } = problem.mask;
  const empty = Uint8Array.from({ length: heads * m }, (_, row) => Number(problem.mask.runs(0, Math.floor(row / m), row % m, runs) === 0));
  for (let x = 0; x < e; x++) {
    // a row without keys is 0, and a sink weighs 0
    let [low, high] = [sink ? 0 : Infinity, sink ? 0 : -Infinity];
    for (let j = 0; j < n; j++) {
      const value = v.data[j * e + x];
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (!Number.isFinite(low) || !Number.isFinite(high)) continue;
    const more = slack * Math.max(Math.abs(low), Math.abs(high)) + 2 * problem.numeric.w;
    for (let at = x; at < values.length; at += e) {
      const value = values[at];
      const isEmpty = empty[Math.floor(at / e)] === 1;
      if (isEmpty ? emptyOutput !== 'zero' || value === 0 : value >= low - more && value <= high + more) continue;
      const index = unravel(at, o.shape);
      const nearest = isEmpty ? 0 : value > high ? high : low;
      const why = isEmpty
        ? 'its row sees no key, and must be 0'
        : `the values of its channel lie between ${toText(low)} and ${toText(high)}, and a weighted mean lies between them`;
      return {
        status: 'fail',
        class: isEmpty ? 'empty-row' : 'value',
        output: 'o',
        index,
        expected: toJsonNumber(nearest),
        actual: toJsonNumber(value),
        bound: isEmpty ? 0 : more,
        message: `o[${index.join(', ')}] is ${toText(value)}; ${why}`,
        call: 0,
      };
    }
  }
  return undefined;
}

/** Relative error that roundings of weights, sums over n keys, products and stores can add up to. */
function slackOf(numeric: NumericProfile, n: number): number {
  const weights = numeric.probabilitiesStored ? probabilityStore(numeric).u : 0;
  const products = numeric.tf32 ? 2 * TF32 : 0;
  const value = floatFormats[numeric.storage].roundoff;
  return 2 * (weights + products + value + outputStore(numeric).u + numeric.exp + 2 * gamma(n + 8, numeric.a));
}
