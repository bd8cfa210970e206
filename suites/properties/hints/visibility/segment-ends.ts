import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { replaced } from './replaced.js';
import { segmentsOf } from './segments.js';
import { firstKeyLost, lastKeyLost } from './tails.js';

/** Segments of which a key at either end is lost: the only one, where there is no other. */
export function* segmentEndHypotheses(subject: Subject): Generator<MaskHypothesis> {
  const whole = segmentsOf(subject).map((of) => ({ of, rows: of.queries[1] - of.queries[0], columns: of.keys[1] - of.keys[0] }));
  yield replaced(
    subject,
    firstKeyLost,
    whole.map(({ of, rows }) => ({ of, rows, keys: [Math.min(of.keys[0] + 1, of.keys[1]), of.keys[1]] })),
  );
  yield replaced(
    subject,
    lastKeyLost,
    whole.map(({ of, rows, columns }) => ({ of, rows, columns, keys: [of.keys[0], Math.max(of.keys[1] - 1, of.keys[0])] })),
  );
}
