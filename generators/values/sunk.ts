import { hashOf } from '../../spec/lib/hash.js';
import type { Case } from '../../spec/types/documents.js';
import { plantedKey } from './planted-key.js';
import { scaleOf } from './scale.js';
import type { WholeDims } from './whole-dims.js';

/** Depths of very negative scores, mostly the lowest: any maximum that starts too high fails. */
const depths = [40, 150, 1500, 12_000, 12_000, 20_000];

/** Largest error of a score, as a float32 dot product of d terms, that decides its weight. */
const LARGEST_LOSS = 0.04;

/** Depth of a case's scores, limited so that float32 can tell them apart. */
export function depthOf({ values, dims }: Case): number {
  return Math.min(depths[hashOf(values.seed, 43) % depths.length], LARGEST_LOSS / (dims.d * 2 ** -24));
}

/** Key with score 0 in half of the cases. If hidden, it must leave no trace in rows below −1e4. */
export function floatingKey({ values }: Case, n: number): number | undefined {
  return hashOf(values.seed, 47) % 2 === 0 ? undefined : plantedKey(values.seed, n);
}

/** Makes all scores very negative: along the first coordinate, keys point against the queries. */
export function sink(c: Case, dims: WholeDims, name: 'q' | 'k', data: Float64Array): void {
  const scale = scaleOf(c);
  const depth = depthOf(c);
  // a power of two: the same in every storage
  const key = 2 ** Math.round(Math.log2(Math.sqrt(depth / Math.abs(scale))));
  const value = name === 'k' ? key : -depth / (scale * key);
  for (let at = 0; at < data.length; at += dims.d) data[at] = value;
  if (name === 'k') float(c, dims, data);
}

function float(c: Case, { b, hk, n, d }: WholeDims, data: Float64Array): void {
  let first = 0;
  for (const length of c.packed?.k ?? [n]) {
    const key = floatingKey(c, length);
    // the last run of a history may end before its key
    if (length > 0 && key !== undefined && first + key < n)
      for (let head = 0; head < b * hk; head++) data[(head * n + first + key) * d] = 0;
    first += length;
  }
}
