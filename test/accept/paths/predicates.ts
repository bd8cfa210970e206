import { hashOf } from '../../../spec/lib/hash.js';
import type { Dims } from '../../../spec/types/documents.js';

/** A condition on one axis: it has a size, or at least a size. */
export interface Condition {
  readonly axis: string;
  readonly is: '=' | '>=';
  readonly size: number;
}

/** Sizes for which a kernel has a path of its own: all conditions hold. One, or two on different axes. */
export type Predicate = readonly Condition[];

/** Sizes of the axes as models in production have them, common ones several times. */
const production: Readonly<Record<string, readonly number[]>> = {
  b: [2, 2, 3, 4, 4, 5, 6, 7, 8, 8],
  hk: [2, 2, 4, 4, 8, 8, 8, 16, 32],
  g: [2, 4, 4, 5, 6, 7, 8, 8, 12, 16],
  m: [1, 1, 2, 4, 16, 64, 128, 128, 256, 512, 1024, 2048, 4096],
  n: [128, 256, 512, 512, 1024, 1024, 2048, 2048, 4096, 4096],
  d: [64, 64, 64, 72, 80, 96, 96, 112, 128, 128, 128, 128, 160, 192, 192, 256, 576],
  e: [64, 64, 64, 72, 80, 96, 96, 112, 128, 128, 128, 128, 160, 192, 256, 512],
};

/** Sizes from which on kernels take another way: grids, splits, tiles, counters. */
const thresholds: Readonly<Record<string, readonly number[]>> = {
  b: [3, 4, 5, 8],
  hk: [3, 5, 8, 9, 16],
  g: [3, 5, 8, 9],
  m: [65, 129, 130, 257, 300, 513, 1000, 1025, 2048, 4000],
  n: [130, 257, 300, 513, 1000, 1025, 2048, 2049, 4000],
  d: [65, 66, 97, 128, 129, 192, 256],
  e: [65, 66, 97, 128, 129, 192, 256],
};

const axes = Object.keys(production);

/**
 * Predicates drawn from the sizes of production: a third of them one size, a third a threshold, a third a pair of either on different axes.
 * The index-th depends on the seed and its index alone. Distinct ones.
 */
export function drawPredicates(count: number, seed: number): Predicate[] {
  const drawn = new Map<string, Predicate>();
  for (let index = 0; drawn.size < count; index++) {
    const at = (word: number) => hashOf(seed, index, word);
    const first = drawCondition(axes[at(0) % axes.length], at(1) % 2 === 0 ? '=' : '>=', at(2));
    const kind = at(3) % 3;
    if (kind < 2) {
      const alone = drawCondition(first.axis, kind === 0 ? '=' : '>=', at(2));
      drawn.set(textOf([alone]), [alone]);
      continue;
    }
    const others = axes.filter((axis) => axis !== first.axis);
    const pair = [first, drawCondition(others[at(4) % others.length], at(5) % 2 === 0 ? '=' : '>=', at(6))];
    if (isServed(pair)) drawn.set(textOf(pair), pair);
  }
  return [...drawn.values()];
}

function drawCondition(axis: string, is: Condition['is'], hash: number): Condition {
  const sizes = (is === '=' ? production : thresholds)[axis];
  return { axis, is, size: sizes[hash % sizes.length] };
}

/** Nobody serves more than 64 query heads of one sequence on one device, and head sizes go together. */
function isServed(pair: Predicate): boolean {
  const size = (axis: string) => pair.find((condition) => condition.axis === axis)?.size ?? 1;
  if (size('hk') * size('g') > 32) return false;
  const [d, e] = [pair.find(({ axis }) => axis === 'd'), pair.find(({ axis }) => axis === 'e')];
  if (!d || !e) return true;
  const known = [...production.d.map((each) => [each, each]), [192, 128], [576, 512]].map(([x, y]) => ({ d: x, e: y }));
  return known.some((sizes) => holds(pair, sizes as unknown as Dims));
}

export function holds(predicate: Predicate, dims: Dims): boolean {
  return predicate.every(({ axis, is, size }) => (is === '=' ? dims[axis] === size : dims[axis] >= size));
}

export function textOf(predicate: Predicate): string {
  return predicate.map(({ axis, is, size }) => `${axis} ${is} ${size}`).join(' and ');
}
