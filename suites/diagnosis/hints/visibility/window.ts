import { queryOffset } from '../../../../spec/mask/query-offset.js';
import type { Subject } from '../hypothesis.js';
import { type MaskHypothesis, tileSizes } from './mask-hypothesis.js';
import { signedByte, singleMask } from './position.js';

/** Causal masks with other ends; one that is right in some cases is evidence there. */
export function* causalHypotheses({ problem }: Subject): Generator<MaskHypothesis> {
  if (singleMask(problem)?.name !== 'causal') return;
  const offset = queryOffset(problem.dialect.causal, problem.mask.m, problem.mask.n);
  const upTo = (text: string, last: (i: number) => number, size?: number): MaskHypothesis => ({
    text,
    ...(size !== undefined && { size }),
    visible: (_b, _h, i, j) => j <= last(i),
  });
  yield upTo('a causal mask without its diagonal (j < i instead of j ≤ i)', (i) => i + offset - 1);
  yield upTo('a causal mask that shows the next key (j ≤ i + 1 instead of j ≤ i)', (i) => i + offset + 1);
  yield upTo('a causal mask whose offset n − m is added twice', (i) => i + 2 * offset);
  yield upTo('a causal mask that hides no key if there are fewer queries than keys', (i) => (offset > 0 ? Infinity : i + offset));
  const last = problem.mask.m - 1;
  yield upTo('a causal mask that hides no key from the last query', (i) => (i === last ? Infinity : i + offset));
  if (signedByte(offset) !== offset) yield upTo('a causal mask whose offset n − m is kept in 8 bits', (i) => i + signedByte(offset));
  for (const tile of tileSizes) {
    yield upTo(
      'a causal mask that hides no key in the tile of its diagonal, with tiles of {} keys',
      (i) => Math.ceil(Math.max(0, i + offset + 1) / tile) * tile - 1,
      tile,
    );
  }
}

/** Sliding windows with other ends. */
export function* windowHypotheses({ problem }: Subject): Generator<MaskHypothesis> {
  const mask = singleMask(problem);
  if (mask?.name !== 'sliding-window') return;
  const sides = mask.parameters ?? {};
  const left = open(sides.left) ?? Infinity;
  const right = open(sides.right) ?? Infinity;
  const offset = queryOffset(problem.dialect.causal, problem.mask.m, problem.mask.n);
  const exclusive = problem.dialect.window === 'exclusive' ? 1 : 0;
  const between = (text: string, first: (place: number) => number, last: (place: number) => number, at = offset): MaskHypothesis => ({
    text,
    visible: (_b, _h, i, j) => j >= first(i + at) && j <= last(i + at),
  });
  const window = (text: string, toLeft: number, toRight: number, at = offset) =>
    between(
      text,
      (place) => place - toLeft,
      (place) => place + toRight,
      at,
    );
  const own = left - exclusive;
  if (left === Infinity || right === Infinity) {
    const width = (side: number) => (side === Infinity ? -1 : side);
    yield window('a window whose side of −1, no limit, is taken as a width', width(left) - exclusive, width(right));
  }
  if (left < Infinity) {
    yield window('a window that keeps one key too many on its left', own + 1, right);
    if (left > 0) yield window('a window that loses its leftmost key', own - 1, right);
    yield window('a window whose left side is ignored', Infinity, right);
    yield window('a window whose right side is as wide as its left', own, left);
    for (const tile of tileSizes) {
      const first = (place: number) => Math.ceil(Math.max(0, place - own) / tile) * tile;
      yield { ...between('a window that begins at the next tile of {} keys', first, (place) => place + right), size: tile };
    }
  }
  if (right < Infinity) {
    yield window('a window that keeps one key too many on its right', own, right + 1);
    if (right > 0) yield window('a window that loses its rightmost key', own, right - 1);
    yield window('a window whose right side is ignored', own, Infinity);
    if (left < Infinity) yield window('a window whose left side is as wide as its right', right - exclusive, right);
  }
  if (offset !== 0) yield window('a window whose offset n − m is added twice', own, right, 2 * offset);
  if (signedByte(offset) !== offset) yield window('a window whose offset n − m is kept in 8 bits', own, right, signedByte(offset));
}

function open(side: unknown): number | undefined {
  return typeof side === 'number' && side >= 0 ? side : undefined;
}
