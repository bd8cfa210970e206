import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

/** Documents with one visible key too many or too few. */
export function* documentHypotheses({ problem: { mask } }: Subject): Generator<MaskHypothesis> {
  if (!mask.tables.document) return;
  const { n } = mask;
  const at = (b: number, h: number, i: number, j: number) => j >= 0 && j < n && mask.visible(b, h, i, j);
  const seen = (text: string, visible: MaskHypothesis['visible']): MaskHypothesis => ({ text: `a kernel where ${text}`, visible });
  yield seen('a query attends to one key past the last one visible in its document', (b, h, i, j) => at(b, h, i, j) || at(b, h, i, j - 1));
  yield seen('a query attends to one key before the start of its document', (b, h, i, j) => at(b, h, i, j) || at(b, h, i, j + 1));
  yield seen('a query misses the last visible key of its document', (b, h, i, j) => at(b, h, i, j) && at(b, h, i, j + 1));
  yield seen('a query misses the first key of its document', (b, h, i, j) => at(b, h, i, j) && at(b, h, i, j - 1));
}
