import type { FailJudgement } from '../../../properties/property.js';
import { type Hypothesis, hintOf, isSame } from '../diagnosis.js';
import { dialectHypothesis } from '../dialects.js';
import type { Subject } from '../hypothesis.js';
import { maskHypotheses } from './index.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

/** True if one query saw one key. */
export interface CellRead {
  readonly batch: number;
  readonly head: number;
  readonly query: number;
  readonly key: number;
  readonly seen: boolean;
}

/** Returns what explains every cell of a mask that was read out. @param supposed the only hypotheses to be tried. */
export function diagnosisOfReadout(
  subject: Subject,
  cells: readonly CellRead[],
  supposed?: readonly Hypothesis[],
): Pick<FailJudgement, 'hint' | 'diagnosis'> {
  const answers: Hypothesis[] = [];
  for (const { visible, segmentOf: _, ...hypothesis } of masks(subject)) {
    if (supposed && !supposed.some((other) => isSame(other, hypothesis))) continue;
    if (cells.every(({ batch, head, query, key, seen }) => visible(batch, head, query, key) === seen)) answers.push(hypothesis);
  }
  const diagnosis = { answers, signs: [] };
  return { hint: hintOf([diagnosis]), diagnosis };
}

function* masks(subject: Subject): Generator<MaskHypothesis> {
  const { problem, problemOf } = subject;
  for (const change of [
    { causal: problem.dialect.causal === 'top-left' ? 'bottom-right' : 'top-left' },
    { window: problem.dialect.window === 'exclusive' ? 'inclusive' : 'exclusive' },
  ] as const) {
    const { mask } = problemOf({ ...problem.case, dialect: { ...problem.dialect, ...change } });
    yield { ...dialectHypothesis(problem, change), visible: (b, h, i, j) => mask.visible(b, h, i, j) };
  }
  yield* maskHypotheses(subject);
}
