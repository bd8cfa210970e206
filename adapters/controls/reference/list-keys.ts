import type { Row } from './row.js';
import type { SoftmaxProblem } from './softmax-problem.js';
import type { Steps } from './steps.js';

/** Lists the visible keys in [from, to): masked keys are never touched, so that nothing in them can leak. */
export function listKeys(p: SoftmaxProblem, steps: Steps, row: Row, from: number, to: number): void {
  row.count = 0;
  for (let j = from; j < to; j++) if (steps.visible(p, row.b, row.h, row.i, j)) row.keys[row.count++] = j;
}
