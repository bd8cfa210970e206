import type { Subject } from '../hypothesis.js';
import { cachedHypotheses } from './cached.js';
import { denseHypotheses } from './dense.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { documentHypotheses, packedHypotheses, partHypotheses, segmentEndHypotheses } from './packed.js';
import { inEachSegment } from './segments.js';
import { endHypotheses, tailHypotheses } from './tails.js';
import { causalHypotheses, windowHypotheses } from './window.js';

/** Wrong visible keys. The mask of a block is a table of cells, whichever mask it comes from. */
export function* maskHypotheses(subject: Subject): Generator<MaskHypothesis> {
  const { case: c, mask } = subject.problem;
  if (c.block) {
    yield* denseHypotheses(subject);
    yield* tailHypotheses(subject);
    yield* endHypotheses(subject);
    return;
  }
  if (mask.segmentOf) {
    yield* inEachSegment(subject, ofOneMask);
    yield* segmentEndHypotheses(subject);
    yield* packedHypotheses(subject);
    yield* cachedHypotheses(subject);
    yield* partHypotheses(subject);
    return;
  }
  yield* ofOneMask(subject);
  yield* endHypotheses(subject);
  yield* partHypotheses(subject);
}

function* ofOneMask(subject: Subject): Generator<MaskHypothesis> {
  yield* causalHypotheses(subject);
  yield* windowHypotheses(subject);
  yield* denseHypotheses(subject);
  yield* documentHypotheses(subject);
  yield* tailHypotheses(subject);
}
