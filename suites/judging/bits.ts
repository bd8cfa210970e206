import { type Tensor, type Tensors, valuesOf } from '../../spec/tensor/tensor.js';
import type { FailJudgement } from '../contract/property.js';
import { unravel } from './compared.js';
import { toJsonNumber, toText } from './json-number.js';

/** First element with other bits, or −1. Any NaN equals any other. @param skip rows left out. */
function firstDifference(a: Tensor, b: Tensor, skip?: Uint8Array): number {
  const x = valuesOf(a);
  const y = valuesOf(b);
  const rowLength = skip ? x.length / skip.length : x.length;
  for (let i = 0; i < x.length; i++) {
    if (!Object.is(x[i], y[i]) && !skip?.[Math.floor(i / rowLength)]) return i;
  }
  return -1;
}

/** Counts zeros with another sign, by output; undefined if anything else differs. */
export function changedSignsOfZero(before: Tensors, after: Tensors, skip?: Uint8Array): Map<string, number> | undefined {
  const counts = new Map<string, number>();
  for (const [output, tensor] of Object.entries(before)) {
    const [x, y] = [valuesOf(tensor), valuesOf(after[output])];
    const rowLength = skip ? x.length / skip.length : x.length;
    let count = 0;
    for (let i = 0; i < x.length; i++) {
      if (Object.is(x[i], y[i]) || skip?.[Math.floor(i / rowLength)]) continue;
      if (x[i] !== y[i]) return undefined;
      count++;
    }
    if (count > 0) counts.set(output, count);
  }
  return counts;
}

/** True if every output has the same bits in both calls. */
export function identical(a: Tensors, b: Tensors): boolean {
  return Object.keys(a).every((output) => firstDifference(a[output], b[output]) < 0);
}

/** Description of a call that must have the bits of another. */
export interface BitFailure {
  readonly class: string;
  readonly call: number;
  /** Rows (leading elements) that are not compared. */
  readonly skip?: Uint8Array | undefined;
  describe(place: string, before: string, after: string): string;
}

/** First difference between two calls' outputs. */
export function sameBits(before: Tensors, after: Tensors, failure: BitFailure): FailJudgement | undefined {
  for (const output of Object.keys(before)) {
    const at = firstDifference(before[output], after[output], failure.skip);
    if (at < 0) continue;
    const index = unravel(at, before[output].shape);
    const expected = valuesOf(before[output])[at];
    const actual = valuesOf(after[output])[at];
    return {
      status: 'fail',
      class: failure.class,
      output,
      index,
      expected: toJsonNumber(expected),
      actual: toJsonNumber(actual),
      bound: 0,
      message: failure.describe(`${output}[${index.join(', ')}]`, toText(expected), toText(actual)),
      call: failure.call,
    };
  }
  return undefined;
}
