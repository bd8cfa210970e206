import type { Tensors } from '../../../spec/tensor/tensor.js';
import { valuesOf } from '../../../spec/tensor/tensor.js';
import type { FailJudgement, JudgeContext } from '../../contract/property.js';
import { type BitFailure, sameBits } from '../../judging/bits.js';
import type { Mismatch } from '../../judging/compared.js';
import { boundText, failureOf } from '../../judging/conclude.js';
import { toText } from '../../judging/json-number.js';
import { compareCall } from './compare-call.js';

/** Two calls that must agree to the bit, with the outputs that both have. */
export interface Pair {
  readonly first: number;
  readonly before: Tensors;
  readonly after: Tensors;
}

/**
 * Compares bits and blames the call that the oracle finds wrong, else the first; undefined if
 * equal.
 */
export function sameAnswers(context: JudgeContext, { first, before, after }: Pair, failure: BitFailure): FailJudgement | undefined {
  const found = sameBits(before, after, failure);
  if (!found || context.calls.some((call) => call.case.parallel)) return found;
  for (const call of [first, failure.call]) {
    const wrong = compareCall(context, call).flatMap(({ worst }) => worst ?? []);
    for (const mismatch of wrong) {
      const values = valuesAt(mismatch, before, after, failure.skip);
      if (!values) continue;
      const place = `${mismatch.output}[${mismatch.index.join(', ')}]`;
      const [x, y] = values.map(toText);
      const right = `call ${call + 1} is wrong there, expected ${toText(mismatch.expected)}${boundText(mismatch)}`;
      return { ...failureOf(mismatch, call), class: failure.class, message: `${failure.describe(place, x, y)}; ${right}` };
    }
  }
  return { ...found, against: first };
}

function valuesAt({ output, index }: Mismatch, before: Tensors, after: Tensors, skip?: Uint8Array): [number, number] | undefined {
  const shape = before[output]?.shape;
  if (!shape || index.some((at, axis) => at >= shape[axis])) return undefined;
  const flat = index.reduce((sum, at, axis) => sum * shape[axis] + at, 0);
  const values = valuesOf(before[output]);
  if (skip?.[Math.floor((flat * skip.length) / values.length)]) return undefined;
  const [x, y] = [values[flat], valuesOf(after[output])[flat]];
  return Object.is(x, y) ? undefined : [x, y];
}
