import { beyondHypotheses } from './beyond.js';
import { channelHypotheses } from './channels.js';
import { deltaHypotheses } from './delta.js';
import { dialectHypotheses, epsHypotheses } from './dialects.js';
import { entryHypotheses } from './entries.js';
import { headHypotheses } from './heads.js';
import type { Hypothesis, Subject } from './hypothesis.js';
import { layoutHypotheses } from './layouts.js';
import { lseHypotheses } from './lse.js';
import { maximumHypotheses } from './maximum.js';
import { normaliserHypotheses } from './normalisers.js';
import { optionHypotheses } from './options.js';
import { precisionHypotheses } from './precision.js';
import { rescalingHypotheses } from './rescaling.js';
import { scaleHypotheses } from './scales.js';
import { scoreHypotheses } from './scores.js';
import { maskHypotheses } from './visibility/index.js';
import { seeing } from './visibility/seeing.js';

const families = [
  dialectHypotheses,
  optionHypotheses,
  scaleHypotheses,
  scoreHypotheses,
  headHypotheses,
  entryHypotheses,
  layoutHypotheses,
  channelHypotheses,
  lseHypotheses,
  deltaHypotheses,
  rescalingHypotheses,
  beyondHypotheses,
  normaliserHypotheses,
  maximumHypotheses,
  precisionHypotheses,
];

/** Lists what softmax kernels with a fault compute in place of the problem; of other operators, another default of their eps. */
export function* hypotheses(subject: Subject): Generator<Hypothesis> {
  const { problem } = subject;
  yield* epsHypotheses(subject);
  if (problem.operator.name !== 'softmax') return;
  for (const family of families) yield* family(subject);
  for (const { visible, segmentOf, ...explanation } of maskHypotheses(subject))
    yield { ...explanation, problem: seeing(problem, { visible, segmentOf }) };
}
