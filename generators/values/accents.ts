import { hashOf } from '../../spec/lib/hash.js';
import { floatFormats } from '../../spec/tensor/dtype.js';
import type { Case, Distribution } from '../../spec/types/documents.js';
import { SHIFT, tableOf } from './element.js';
import { plantedKey } from './planted-key.js';
import { scaleOf } from './scale.js';
import { sink } from './sunk.js';
import type { WholeDims } from './whole-dims.js';

/** Sets elements at fixed positions after drawing, for example a planted key's, in place. */
type Accent = (c: Case, dims: WholeDims, data: Float64Array) => void;

type Accents = Partial<Readonly<Record<'q' | 'k' | 'v', Accent>>>;

/** Score gap that makes every other weight zero, even in float64. */
const oneHot = (scale: number) => 1500 / scale;
const standsOut = (scale: number, n: number) => (Math.log(n) + 0.5) / scale;

const accents: Partial<Readonly<Record<Distribution, Accents>>> = {
  'near-tied': { k: addBase },
  planted: { q: reachAll, k: (c, dims, data) => plant(c, dims, data, standsOut) },
  'one-hot': { q: reachAll, k: (c, dims, data) => plant(c, dims, data, oneHot) },
  sunk: { q: (c, dims, data) => sink(c, dims, 'q', data), k: (c, dims, data) => sink(c, dims, 'k', data) },
  subnormal: {
    v: (c, _, data) => {
      for (let i = 0; i < data.length; i++) data[i] *= floatFormats[c.dtype].smallestNormal;
    },
  },
  visibility: { v: oneHotColumns },
};

/** Accent (elements set after drawing) of a distribution for a tensor, or undefined. */
export function accentOf({ values: { distribution, columns } }: Case, name: 'q' | 'k' | 'v'): Accent | undefined {
  return name === 'v' && columns !== undefined ? oneHotColumns : accents[distribution]?.[name];
}

const reach = 4;

function reachAll(_: Case, { d }: WholeDims, data: Float64Array): void {
  for (let at = 0; at < data.length; at += d) data[at] = reach;
}

/**
 * Plants one key, or one per packed document, with a score above the other keys' by `gap`. All
 * queries share the direction of the first coordinate, and only the planted key is large in it.
 */
function plant(c: Case, dims: WholeDims, data: Float64Array, gap: (scale: number, n: number) => number): void {
  const { d } = dims;
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
    for (let x = 0; x < d; x++) {
      const base = normal[hashOf(c.values.seed, head, x) >>> SHIFT];
      for (let j = 0; j < n; j++) data[(head * n + j) * d + x] += base;
    }
  }
}

/**
 * Sets column x of v to 1 at key `columns` + x, and to 0 elsewhere, so that the output shows the
 * weights. `visibility` sets (key head + 1) instead of 1, to show the key head.
 */
function oneHotColumns({ values: { distribution, columns = 0 } }: Case, { e, n, hk }: WholeDims, data: Float64Array): void {
  data.fill(0);
  for (let head = 0; head * n * e < data.length; head++) {
    const one = distribution === 'visibility' ? (head % hk) + 1 : 1;
    for (let x = 0; x < e && columns + x < n; x++) data[(head * n + columns + x) * e + x] = one;
  }
}
