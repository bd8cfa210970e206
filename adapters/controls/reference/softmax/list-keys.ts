import type { SoftmaxProblem } from '../problem/softmax-problem.js';
import type { Row } from '../steps/row.js';
import type { Steps } from '../steps/steps.js';

/** Lists the visible keys in [from, to): masked keys are never touched, so that nothing in them can leak. */
export function listKeys(p: SoftmaxProblem, steps: Steps, row: Row, from: number, to: number): void {
  row.count = 0;
  for (let j = from; j < to; j++) if (steps.visible(p, row.b, row.h, row.i, j)) row.keys[row.count++] = j;
}
