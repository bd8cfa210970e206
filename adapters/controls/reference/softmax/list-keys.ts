import { cell } from '../problem/broadcast.js';
import type { SoftmaxProblem } from '../problem/softmax-problem.js';
import type { Row } from '../steps/row.js';
import { type Steps, standardSteps } from '../steps/steps.js';

/** Lists the visible keys in [from, to), so that masked keys are never read. */
export function listKeys(p: SoftmaxProblem, steps: Steps, row: Row, from: number, to: number): void {
  row.count = 0;
  for (let j = nextKey(p, steps, row, from, to); j < to; j = nextKey(p, steps, row, j + 1, to))
    if (steps.visible(p, row.b, row.h, row.i, j)) row.keys[row.count++] = j;
}

/** Skips keys that the mask tensor hides, unless a fault decides visibility, up to `to`. */
export function nextKey({ mask }: SoftmaxProblem, steps: Steps, { b, h, i }: Row, from: number, to: number): number {
  if (mask === undefined || steps.visible !== standardSteps.visible) return from;
  const { data, at } = mask;
  let key = from;
  for (let place = cell(at, b, h, i, from); key < to && data[place] === 0; place += at.j) key++;
  return key;
}
