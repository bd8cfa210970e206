import { mix } from '../../spec/hash.js';
import type { DescribedInput } from '../../spec/types/documents.js';
import { quantile } from './normal.js';

/** Table of 2¹⁴ values from which a tensor's elements are drawn, indexed by the leading bits of an element's hash. */
export type Draw = Float64Array;

const BITS = 14;
const SIZE = 2 ** BITS;
/** Right shift of an element's 32-bit hash that gives its index in a table. */
export const SHIFT = 32 - BITS;

function table(element: (index: number) => number): Draw {
  return Float64Array.from({ length: SIZE }, (_, index) => element(index));
}

const share = (index: number): number => (index + 0.5) / SIZE;
const normal = table((index) => quantile(share(index)));

export const draws = {
  /** Standard normal, between −4.0 and 4.0. */
  normal,
  small: table((index) => share(index) * 0.2 - 0.1),
  keyInteger: table((index) => (mix(index) % 7) - 3),
  valueInteger: table((index) => (mix(index) % 17) - 8),
  heavy: table((index) => normal[index] / Math.max(mix(index) / 2 ** 32, 1 / 32)),
  offset: normal.map((x) => x + 100),
  zero: table(() => 0),
  slope: table((index) => share(index) / 2),
  peaked: normal.map((x) => 25 * x),
  peaked40: normal.map((x) => 40 * x),
  /** Small differences between nearly tied keys. */
  tied: normal.map((x) => x / 256),
} as const satisfies Record<string, Draw>;

/** Tables of what documents say that inputs are drawn from; `simplex` and `weights` are settled by their sizes (`input-domain.ts`). */
export const inputDraws: Readonly<Record<NonNullable<DescribedInput['draw']>, Draw>> = {
  normal,
  unit: table(share),
  positive: normal.map((x) => Math.exp(x)),
  'log-decay': normal.map((x) => -Math.abs(x) / 2),
  simplex: normal.map((x) => Math.exp(x)),
  small: normal.map((x) => x / 16),
  weights: normal,
  slope: draws.slope,
};
