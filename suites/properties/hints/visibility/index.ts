import type { Subject } from '../hypothesis.js';
import { causalHypotheses } from './causal.js';
import { denseHypotheses } from './dense.js';
import { documentHypotheses } from './documents.js';
import type { MaskHypothesis } from './mask-hypothesis.js';
import { tailHypotheses } from './tails.js';
import { windowHypotheses } from './window.js';

/** What queries may see in place of what the mask shows them. Blocks and packed documents have masks of their own. */
export function* maskHypotheses(subject: Subject): Generator<MaskHypothesis> {
  const { block, packed } = subject.problem.case;
  if (block || packed) return;
  yield* causalHypotheses(subject);
  yield* windowHypotheses(subject);
  yield* denseHypotheses(subject);
  yield* documentHypotheses(subject);
  yield* tailHypotheses(subject);
}
