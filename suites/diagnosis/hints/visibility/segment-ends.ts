import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { lengthOf, replaced } from './replaced.js';
import { segmentsOf } from './segments.js';
import { firstKeyLost, lastKeyLost } from './tails.js';

/** Segments without their first or last key. */
export function* segmentEndHypotheses(subject: Subject): Generator<MaskHypothesis> {
  const segments = segmentsOf(subject);
  yield replaced(
    subject,
    firstKeyLost,
    segments.map((of) => ({ of, keys: [Math.min(of.keys[0] + 1, of.keys[1]), of.keys[1]] })),
  );
  yield replaced(
    subject,
    lastKeyLost,
    segments.map((of) => ({ of, columns: lengthOf(of.keys), keys: [of.keys[0], Math.max(of.keys[1] - 1, of.keys[0])] })),
  );
}
