import { carriedState, packedSegments } from '../../../../spec/operator/carried-state.js';
import { declaredAxes } from '../../../../spec/operator/facts.js';
import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import { chunkHypotheses } from './chunks.js';
import { layoutHypotheses } from './layouts.js';
import { recurrenceOf } from './recurrence.js';
import { stepHypotheses } from './steps.js';
import { tokenHypotheses } from './tokens.js';

/** Faults of kernels that carry a state from token to token. */
export function* stateHypotheses(subject: Subject): Generator<ProblemHypothesis> {
  const { problem, backward } = subject;
  const carried = carriedState(problem.operator);
  if (!carried) return;
  const recurrence = recurrenceOf(problem.operator);
  if (recurrence) yield* stepHypotheses(problem, recurrence);
  if (backward || problem.case.parallel || problem.case.packed || problem.case.history) return;
  yield* headsInTurn(subject);
  yield* layoutHypotheses(problem, carried);
  yield* tokenHypotheses(problem);
  if (!packedSegments(problem.operator)) yield* chunkHypotheses(subject, carried);
}

function* headsInTurn({ problem }: Subject): Generator<ProblemHypothesis> {
  const { hk, g } = problem.case.dims;
  const isShared = Object.values(declaredAxes(problem.operator)).some((axes) => axes.includes('g'));
  if (hk === 1 || g === 1 || !isShared || problem.dialect.heads === 'tiled') return;
  yield {
    text: 'a kernel whose head h shares key head h mod Hk, where neighbours share one: h div G',
    declare: '--dialect heads=tiled',
    problem: { ...problem, dialect: { ...problem.dialect, heads: 'tiled' } },
  };
}
