import type { Subject } from '../hypothesis.js';
import { cachedHypotheses } from './cached.js';
import { causalHypotheses } from './causal.js';
import { denseHypotheses } from './dense.js';
import { documentHypotheses } from './documents.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { packedHypotheses } from './packed.js';
import { partHypotheses } from './parts.js';
import { segmentEndHypotheses } from './segment-ends.js';
import { inEachSegment } from './segments.js';
import { endHypotheses, tailHypotheses } from './tails.js';
import { windowHypotheses } from './window.js';

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
