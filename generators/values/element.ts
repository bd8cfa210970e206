import { mix } from '../../spec/hash.js';
import type { DescribedInput } from '../../spec/types/documents.js';
import { quantile } from './normal.js';

/** Table of 2¹⁴ values from which a tensor's elements are drawn, indexed by the leading bits of an element's hash. */
export type Draw = Float64Array;

const BITS = 14;
const SIZE = 2 ** BITS;
/** Right shift of an element's 32-bit hash that gives its index in a table. */
export const SHIFT = 32 - BITS;

const share = (index: number): number => (index + 0.5) / SIZE;
const normal = (index: number): number => quantile(share(index));

/** Distributions of elements, each as the value at an index of its table. */
const draws = {
  /** Standard normal, between −4.0 and 4.0. */
  normal,
  small: (index) => share(index) * 0.2 - 0.1,
  keyInteger: (index) => (mix(index) % 7) - 3,
  valueInteger: (index) => (mix(index) % 17) - 8,
  heavy: (index) => normal(index) / Math.max(mix(index) / 2 ** 32, 1 / 32),
  offset: (index) => normal(index) + 100,
  zero: () => 0,
  slope: (index) => share(index) / 2,
  peaked: (index) => 25 * normal(index),
  peaked40: (index) => 40 * normal(index),
  /** Small differences between nearly tied keys. */
  tied: (index) => normal(index) / 256,
  unit: share,
  positive: (index) => Math.exp(normal(index)),
  logDecay: (index) => -Math.abs(normal(index)) / 2,
  sixteenth: (index) => normal(index) / 16,
  cosine: (index) => Math.cos(3 * normal(index)),
} satisfies Record<string, (index: number) => number>;

export type DrawName = keyof typeof draws;

/** Tables of what documents say that inputs are drawn from; `simplex`, `direction` and `weights` are settled by their sizes (`input-domain.ts`). */
export const inputDraws: Readonly<Record<NonNullable<DescribedInput['draw']>, DrawName>> = {
  normal: 'normal',
  unit: 'unit',
  positive: 'positive',
  'log-decay': 'logDecay',
  simplex: 'positive',
  direction: 'normal',
  small: 'sixteenth',
  weights: 'normal',
  slope: 'slope',
  table: 'cosine',
  padded: 'normal',
  tree: 'normal',
  sorted: 'normal',
  distinct: 'normal',
};

const tables = new Map<DrawName, Draw>();

/** Returns the table of a distribution. Made when first asked for, since every host makes its own and most need few. */
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
