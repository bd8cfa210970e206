import { elementsOf } from '../../spec/tensor/case-elements.js';
import type { Flat } from '../lib/flat.js';
import { simplest, table } from './flat-table.js';

const axes = ['d', 'e', 'g', 'hk', 'b', 'n', 'm'] as const;

const tied: readonly (readonly (typeof axes)[number][])[] = [
  ['d', 'e'],
  ['n', 'm'],
];

/** Fields that shrink before the sizes, except packed documents and caches. */
const kinds = table
  .slice(
    0,
    table.findIndex(([name]) => name === 'production'),
  )
  .filter(([name]) => name !== 'packed' && name !== 'cache');
const plain: Flat = Object.fromEntries(kinds.map(([name]) => [name, simplest[name]]));

/**
 * First candidates for a production case: reduced to the usual limits; then all sizes 1 but one or
 * two. A fault of one or two sizes ends there in a cheap step.
 */
export function* withFewSizes(flat: Flat): Generator<Flat> {
  yield { ...flat, production: 0 };
  for (const kind of [plain, {}]) {
    for (const kept of choices()) {
      const others = axes.filter((axis) => !kept.includes(axis) && flat[axis] > 1);
      yield { ...flat, ...kind, ...Object.fromEntries(others.map((axis) => [axis, 1])) };
    }
  }
}

function* choices(): Generator<readonly string[]> {
  yield [];
  for (const axis of axes) yield [axis];
  yield* tied;
  for (let x = 0; x < axes.length; x++) for (let y = x + 1; y < axes.length; y++) yield [axes[x], axes[y]];
}

const sizes = ['b', 'hk', 'g', 'n', 'm', 'd', 'e'] as const;
type Sizes = Readonly<Record<(typeof sizes)[number], number>>;

const one: Sizes = { b: 1, hk: 1, g: 1, n: 1, m: 1, d: 1, e: 1 };
/** Small sizes that a fault of the values may need, smallest first. */
const small: readonly Sizes[] = [one, { ...one, n: 2, m: 2 }, { ...one, n: 4, m: 4, d: 2, e: 2 }];

const SMALL_ENOUGH = 8;
/** Seeds tried per distribution: few seeds have two large factors that meet and overflow. */
const SEEDS = 8;
/** Upper bound on the number of distributions; a larger index saturates. */
const DISTRIBUTIONS = 16;

/** Small sizes with other values: an overflow may need large sizes only with its first values. */
export function* otherValues(flat: Flat): Generator<Flat> {
  if (elementsOf(sizesOf(flat)) <= SMALL_ENOUGH) return;
  for (const candidate of small) {
    if (!isWithin(candidate, flat)) continue;
    for (let distribution = 0; distribution < DISTRIBUTIONS; distribution++)
      for (let seed = 0; seed < SEEDS; seed++) yield { ...flat, ...candidate, distribution, seed };
  }
}

/** Token counts of one, two and four per rank: each step of a bisection may start a job. */
export function* fewTokens(flat: Flat, ranks: number): Generator<Flat> {
  for (const rest of [one, undefined]) {
    for (const tokens of [ranks, 2 * ranks, 4 * ranks]) {
      if (tokens < Math.max(flat.n, flat.m)) yield { ...flat, ...rest, n: Math.min(flat.n, tokens), m: Math.min(flat.m, tokens) };
    }
  }
}

function sizesOf(flat: Flat): Sizes {
  return Object.fromEntries(sizes.map((axis) => [axis, flat[axis]])) as Sizes;
}

function isWithin(candidate: Sizes, flat: Flat): boolean {
  return sizes.every((axis) => candidate[axis] <= flat[axis]) && sizes.some((axis) => candidate[axis] < flat[axis]);
}
