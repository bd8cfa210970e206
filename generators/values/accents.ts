import { hashOf } from '../../spec/hash.js';
import { floatFormats } from '../../spec/tensor/dtype.js';
import type { Case } from '../../spec/types/documents.js';
import { SHIFT, tableOf } from './element.js';
import { plantedKey } from './planted-key.js';
import { scaleOf } from './scale.js';
import { sink } from './sunk.js';
import type { WholeDims } from './whole-dims.js';

/** Sets the elements that a distribution fixes at certain positions, in place, after every element has been drawn. */
export function accent(c: Case, dims: WholeDims, name: string, data: Float64Array): void {
  switch (c.values.distribution) {
    case 'near-tied':
      if (name === 'k') addBase(c, dims, data);
      break;
    case 'planted':
      plant(c, dims, name, data, (scale, n) => (Math.log(n) + 0.5) / scale);
      break;
    case 'one-hot':
      // a gap of scores that makes every other weight zero, even in float64
      plant(c, dims, name, data, (scale) => 1500 / scale);
      break;
    case 'sunk':
      sink(c, dims, name, data);
      break;
    case 'subnormal':
      if (name === 'v') for (let i = 0; i < data.length; i++) data[i] *= floatFormats[c.dtype].smallestNormal;
      break;
    case 'visibility':
      if (name === 'v') oneHotColumns(c, dims, data);
      break;
  }
}

/**
 * Plants one key, or one per packed document, whose score exceeds those of its n keys by `gap`: all queries share the direction of the
 * first coordinate, and only the planted key is large in it.
 */
function plant(c: Case, dims: WholeDims, name: string, data: Float64Array, gap: (scale: number, n: number) => number): void {
  const { d } = dims;
  const reach = 4;
  if (name === 'q') for (let at = 0; at < data.length; at += d) data[at] = reach;
  if (name !== 'k') return;
  for (let at = 0; at < data.length; at += d) data[at] = 0;
  const limit = floatFormats[c.dtype].max / 4;
  let first = 0;
  for (const n of c.packed?.k ?? [dims.n]) {
    const height = Math.max(-limit, Math.min(limit, gap(scaleOf(c), n) / reach));
    const key = first + plantedKey(c.values.seed, n);
    // the last run of a history may end before its planted key
    for (let head = 0; n > 0 && key < dims.n && head < dims.b * dims.hk; head++) {
      const at = (head * dims.n + key) * d;
      data.fill(0, at, at + d);
      data[at] = height;
    }
    first += n;
  }
}

function addBase(c: Case, dims: WholeDims, data: Float64Array): void {
  const { d, n } = dims;
  const normal = tableOf('normal');
  for (let head = 0; head < dims.b * dims.hk; head++) {
    for (let j = 0; j < n; j++) {
      for (let x = 0; x < d; x++) data[(head * n + j) * d + x] += normal[hashOf(c.values.seed, head, x) >>> SHIFT];
    }
  }
}

/** Sets column x of v to (key head + 1) at key `columns` + x; v is zero elsewhere, so that the output shows the mask and the key head. */
function oneHotColumns(c: Case, dims: WholeDims, data: Float64Array): void {
  const first = c.values.columns ?? 0;
  const { e, n, hk } = dims;
  for (let head = 0; head < dims.b * hk; head++) {
    for (let x = 0; x < e && first + x < n; x++) data[(head * n + first + x) * e + x] = (head % hk) + 1;
  }
}
