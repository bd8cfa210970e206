import { dialectHypothesis } from '../dialects.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

/** Mask tensors read wrongly or not at all. */
export function* denseHypotheses({ problem, booleanMask }: Subject): Generator<MaskHypothesis> {
  const { mask } = problem;
  const seen = (text: string, visible: MaskHypothesis['visible']): MaskHypothesis => ({ text, visible });
  yield seen('unmasked attention (the mask was probably ignored)', () => true);
  if (mask.perBatch) yield seen("the first batch entry's mask for all", (_, h, i, j) => mask.visible(0, h, i, j));
  if (mask.perHead) yield seen("the first head's mask for all", (b, _, i, j) => mask.visible(b, 0, i, j));
  if (mask.b === mask.heads && mask.b > 1)
    yield seen('a mask with its batch and head axes swapped', (b, h, i, j) => mask.visible(h, b, i, j));
  if (mask.m > 1) yield seen("the first query's mask for all", (b, h, _, j) => mask.visible(b, h, 0, j));
  if (mask.m === mask.n) yield seen('a mask with its query and key axes swapped', (b, h, i, j) => mask.visible(b, h, j, i));
  if (booleanMask) {
    const inverted = dialectHypothesis(problem, { booleanMask: problem.dialect.booleanMask === 'keep' ? 'drop' : 'keep' });
    yield { ...inverted, visible: (b, h, i, j) => !mask.visible(b, h, i, j) };
  }
}
