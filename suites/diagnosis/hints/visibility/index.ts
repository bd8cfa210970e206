import { isPaged } from '../../../../generators/history/pages.js';
import { pageOf } from '../../../../generators/history/play.js';
import { queryOffset } from '../../../../spec/mask/query-offset.js';
import { dialectHypothesis } from '../dialects.js';
import type { Subject } from '../hypothesis.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { documentHypotheses, packedHypotheses, partHypotheses, segmentEndHypotheses } from './packed.js';
import { singleMask } from './position.js';
import { replaced } from './replaced.js';
import { inEachSegment, segmentsOf } from './segments.js';
import { endHypotheses, tailHypotheses } from './tails.js';
import { causalHypotheses, windowHypotheses } from './window.js';

/** Wrong keys read from a paged cache, and queries at wrong positions among them. */
function* cachedHypotheses(subject: Subject): Generator<MaskHypothesis> {
  const { case: c } = subject.problem;
  if (!isPaged(c)) return;
  const { m } = c.dims;
  const page = pageOf(c.history);
  const segments = segmentsOf(subject);
  /** @param rowsOf number of queries if the last one stood at the last key. */
  const reading = (text: string, keysOf: (length: number) => number, rowsOf: (length: number) => number = () => m) =>
    replaced(
      subject,
      text,
      segments.map((of) => ({ of, keys: [0, keysOf(of.keys[1])], rows: rowsOf(of.keys[1]) })),
    );
  yield reading("attention reads the cache before the call's tokens are appended", (length) => (length > m ? length - m : length));
  yield reading('queries are positioned as if the call had appended no keys', Number, (length) => (length > m ? 2 * m : m));
  yield reading('the last page of a sequence is skipped if it is not full', (length) =>
    length < page ? length : length - (length % page),
  );
}

/** Mask tensors read wrongly or not at all. */
function* denseHypotheses({ problem, booleanMask }: Subject): Generator<MaskHypothesis> {
  const { mask } = problem;
  const seen = (text: string, visible: MaskHypothesis['visible']): MaskHypothesis => ({ text, visible });
  yield seen('unmasked attention (the mask was probably ignored)', () => true);
  if (singleMask(problem)?.name === 'full') {
    for (const causal of ['bottom-right', 'top-left'] as const) {
      const offset = queryOffset(causal, mask.m, mask.n);
      if (causal === 'bottom-right' || mask.m !== mask.n)
        yield seen(`a causal mask (${causal}), which was not asked for`, (_b, _h, i, j) => j <= i + offset);
    }
  }
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
