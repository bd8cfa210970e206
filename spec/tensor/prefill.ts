import { murmurHash } from '../lib/hash.js';
import type { Case } from '../types/documents.js';
import { allocate, isFloat, type TensorData, type TensorDType } from './dtype.js';
import { encode } from './float-bits.js';

const PERIOD = 251;

/** Memory before a call: NaN, or numbers that a kernel could have written. */
export type Prefill = 'nan' | 'plausible';

/** Content of the memory around a case's inputs and in its outputs; fixed per case. */
export function prefillOf({ values }: Pick<Case, 'values'>): Prefill {
  return murmurHash(values.seed, PERIOD, 0) % 2 === 0 ? 'nan' : 'plausible';
}

/** Fills memory for elements of a type; integers and booleans get all bits set instead of NaN. */
export function prefill(dtype: TensorDType, data: TensorData, kind: Prefill): void {
  if (kind === 'nan') {
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength).fill(0xff);
    return;
  }
  const numbers = plausible(dtype);
  data.set(numbers.subarray(0, data.length));
  for (let filled = numbers.length; filled < data.length; filled *= 2) data.copyWithin(filled, 0, Math.min(filled, data.length - filled));
}

const patterns = new Map<TensorDType, TensorData>();

/** Numbers like attention outputs: from −2 to 2; 0 and 1 for integers and booleans. */
export function plausible(dtype: TensorDType): TensorData {
  let pattern = patterns.get(dtype);
  if (!pattern) {
    pattern = allocate(dtype, PERIOD);
    for (let i = 0; i < PERIOD; i++) pattern[i] = isFloat(dtype) ? encode(dtype, numberAt(i)) : murmurHash(i, 1, 0) & 1;
    patterns.set(dtype, pattern);
  }
  return pattern;
}

function numberAt(index: number): number {
  let sum = 0;
  for (let part = 0; part < 4; part++) sum += murmurHash(index, part, 0) / 2 ** 32;
  return sum - 2;
}
