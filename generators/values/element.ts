import { mix } from '../../spec/lib/hash.js';
import type { DType } from '../../spec/tensor/dtype.js';
import type { DescribedInput } from '../../spec/types/documents.js';
import { roundToStorage } from './stored-input.js';

/** Quantile of the standard normal at p in (0, 1), by Acklam (relative error 1.15e-9). */
function quantile(p: number): number {
  if (p > 0.5) return -quantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r - 30.66479806614716) * r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1)
  );
}

/** Table of 2¹⁴ values of a tensor's elements, indexed by the leading bits of an element's hash. */
export type Draw = Float64Array;

const BITS = 14;
const SIZE = 2 ** BITS;
/** Right shift from an element's 32-bit hash to its index in a table. */
export const SHIFT = 32 - BITS;

const share = (index: number): number => (index + 0.5) / SIZE;
const normal = (index: number): number => quantile(share(index));

const draws = {
  /** Standard normal, between −4.0 and 4.0. */
  normal,
  small: (index) => share(index) * 0.2 - 0.1,
  keyInteger: (index) => (mix(index) % 7) - 3,
  valueInteger: (index) => (mix(index) % 17) - 8,
  /** Eighths in [−1, 1], and 128ths in [−4, 4]. */
  eighth: (index) => ((mix(index) % 17) - 8) / 8,
  hundredth: (index) => Math.round(128 * normal(index)) / 128,
  heavy: (index) => normal(index) / Math.max(mix(index) / 2 ** 32, 1 / 32),
  offset: (index) => normal(index) + 100,
  zero: () => 0,
  slope: (index) => share(index) / 2,
  peaked: (index) => 25 * normal(index),
  peaked40: (index) => 40 * normal(index),
  tied: (index) => normal(index) / 256,
  unit: share,
  toTwo: (index) => 2 * share(index),
  positive: (index) => Math.exp(normal(index)),
  nonNegative: (index) => (mix(index) % 8 === 0 ? 0 : Math.exp(normal(index))),
  logDecay: (index) => -Math.abs(normal(index)) / 2,
  sixteenth: (index) => normal(index) / 16,
  cosine: (index) => Math.cos(3 * normal(index)),
  code: (index) => index,
  scale: (index) => 2 ** (-12 * share(index)),
  signedScale: (index) => (mix(index) % 2 === 0 ? 1 : -1) * 2 ** (-12 * share(index)),
  power: (index) => (mix(index) % 4 === 3 ? Math.exp(normal(index)) : powerAt(mix(index))),
  edges: (index) => edgeAt(mix(index), normal(index)),
  wild: (index) => (mix(index) % 61 === 0 ? wildAt(index) : edgeAt(mix(index), normal(index))),
} satisfies Record<string, (index: number) => number>;

/** Numbers at which rounding rules differ: ties, ends of formats and beyond, subnormals, zeros. */
const edges = [
  ...[0, -0, 2 ** -10, 2 ** -9, 3 * 2 ** -10, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2.5, 3.5, 5, 6, 7.9, 17, 19],
  ...[127, 240, 248, 448, 449, 464, 465, 1e9],
];

function powerAt(hash: number): number {
  return hash % 2 === 0 ? 1 : 2 ** (((hash >>> 1) % 7) - 3);
}

/** Number of `edges` with either sign, times a power of two; as often a scaled normal one. */
function edgeAt(hash: number, normal: number): number {
  if (hash % 2 === 0) return normal * 2 ** (((hash >>> 1) % 13) - 4);
  const edge = edges[(hash >>> 5) % edges.length];
  return ((hash >>> 1) % 2 === 0 ? edge : -edge) * powerAt(hash >>> 12);
}

function wildAt(index: number): number {
  return [Infinity, -Infinity, NaN][Math.floor(index / 61) % 3];
}

export type DrawName = keyof typeof draws;

/** Tables for the draws of documents; some are settled by their sizes (`input-domain.ts`). */
export const inputDraws: Readonly<Record<NonNullable<DescribedInput['draw']>, DrawName>> = {
  normal: 'normal',
  unit: 'unit',
  'to-two': 'toTwo',
  positive: 'positive',
  'non-negative': 'nonNegative',
  'log-decay': 'logDecay',
  simplex: 'positive',
  direction: 'normal',
  small: 'sixteenth',
  weights: 'normal',
  slope: 'slope',
  table: 'cosine',
  padded: 'normal',
  beyond: 'normal',
  once: 'normal',
  tree: 'normal',
  sorted: 'normal',
  distinct: 'normal',
  unequal: 'normal',
  scale: 'scale',
  'signed-scale': 'signedScale',
  power: 'power',
  edges: 'edges',
  wild: 'wild',
};

const tables = new Map<DrawName, Draw>();

/** Table of a distribution, made when first asked for: most hosts need few. */
export function tableOf(name: DrawName): Draw {
  let table = tables.get(name);
  if (!table) {
    table = new Float64Array(SIZE);
    const element: (index: number) => number = draws[name];
    for (let index = 0; index < SIZE; index++) table[index] = element(index);
    tables.set(name, table);
  }
  return table;
}

const storedTables = new Map<string, Draw>();

/** Table of a distribution, rounded to a storage type. */
export function storedTableOf(name: DrawName, dtype: DType): Draw {
  const key = `${name} ${dtype}`;
  let table = storedTables.get(key);
  if (!table) {
    table = tableOf(name).slice();
    roundToStorage(dtype, table);
    storedTables.set(key, table);
  }
  return table;
}
