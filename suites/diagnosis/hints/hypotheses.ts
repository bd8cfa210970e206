import { listedMasks } from '../../../spec/operator/facts.js';
import { plainAttention } from '../../../spec/oracle/streamed.js';
import { backwardSteps } from './backward-steps.js';
import { beyondHypotheses } from './beyond.js';
import { channelHypotheses } from './channels.js';
import { deltaHypotheses } from './delta.js';
import { dialectHypotheses, epsHypotheses } from './dialects.js';
import { entryHypotheses } from './entries.js';
import { headHypotheses } from './heads.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';
import { layoutHypotheses, otherLayoutHypotheses } from './layouts.js';
import { lseHypotheses, roundedLseHypotheses } from './lse.js';
import { maskedScoreHypotheses } from './masked-scores.js';
import { maximumHypotheses } from './maximum.js';
import { normaliserHypotheses } from './normalisers.js';
import { choiceHypotheses, optionHypotheses } from './options.js';
import { precisionHypotheses } from './precision.js';
import { rankHypotheses } from './ranks/index.js';
import { rescalingHypotheses } from './rescaling.js';
import { scaleHypotheses } from './scales.js';
import { scoreHypotheses } from './scores.js';
import { stateHypotheses } from './states/index.js';
import { maskHypotheses } from './visibility/index.js';
import { seeing } from './visibility/seeing.js';

/** Faults of any operator. */
const generalFamilies = [
  epsHypotheses,
  optionHypotheses,
  choiceHypotheses,
  headHypotheses,
  entryHypotheses,
  layoutHypotheses,
  otherLayoutHypotheses,
  stateHypotheses,
];

/** Faults of softmax attention. */
const families = [
  dialectHypotheses,
  optionHypotheses,
  scaleHypotheses,
  scoreHypotheses,
  maskedScoreHypotheses,
  headHypotheses,
  entryHypotheses,
  layoutHypotheses,
  otherLayoutHypotheses,
  channelHypotheses,
  lseHypotheses,
  deltaHypotheses,
  backwardSteps,
  rescalingHypotheses,
  beyondHypotheses,
  normaliserHypotheses,
  maximumHypotheses,
  roundedLseHypotheses,
  precisionHypotheses,
  rankHypotheses,
];

/** Lists the problems that faulty kernels solve instead of the subject's. */
export function* hypotheses(subject: Subject): Generator<ProblemHypothesis> {
  const plain = plainAttention(subject.problem);
  const about = plain ? { ...subject, problem: plain } : subject;
  for (const family of plain ? families : generalFamilies) yield* family(about);
  if (listedMasks(subject.problem.operator) !== undefined) return;
  for (const { visible, segmentOf, ...hypothesis } of maskHypotheses(about))
    yield { ...hypothesis, problem: seeing(about.problem, { visible, segmentOf }) };
}
