import type { Problem } from '../../../../spec/problem.js';
import type { Hypothesis, Places } from '../../../contract/diagnosis.js';
import type { FailJudgement } from '../../../contract/property.js';
import { placesInCommon } from '../../places.js';
import { explanationOf, isSame, toldByZeros } from '../diagnosis.js';
import { dialectHypothesis } from '../dialects.js';
import type { Subject } from '../hypothesis.js';
import { maskHypotheses } from './index.js';
import type { MaskHypothesis } from './mask-hypothesis.js';

/** Observation of one query and key. */
export interface CellRead {
  readonly batch: number;
  readonly head: number;
  readonly query: number;
  readonly key: number;
  readonly seen: boolean;
}

/** Explains all cells of a mask readout. @param supposed the only hypotheses to try. */
export function diagnosisOfReadout(
  subject: Subject,
  cells: readonly CellRead[],
  supposed?: readonly Hypothesis[],
): Pick<FailJudgement, 'hint' | 'explanations' | 'diagnosis'> {
  const answers: Hypothesis[] = [];
  for (const { visible, segmentOf: _, ...hypothesis } of masks(subject)) {
    if (supposed && !supposed.some((other) => isSame(other, hypothesis))) continue;
    if (cells.every(({ batch, head, query, key, seen }) => visible(batch, head, query, key) === seen)) answers.push(hypothesis);
  }
  const places = placesOf(subject.problem, cells);
  const told = cells.some(({ seen }) => seen) ? { answers } : toldByZeros({ answers });
  const diagnosis = { ...told, signs: [], ...(places && { places }) };
  return { ...explanationOf([diagnosis]), diagnosis };
}

/** Common pattern of the wrong cells; undefined if not all rows and keys were read. */
function placesOf({ mask, case: c }: Problem, cells: readonly CellRead[]): Places | undefined {
  if (c.values.rows !== undefined || new Set(cells.map(({ key }) => key)).size < mask.n) return undefined;
  const wrong = cells.filter(({ batch, head, query, key, seen }) => seen !== mask.visible(batch, head, query, key));
  const faults = [true, false].filter((seen) => wrong.some((cell) => cell.seen === seen)).map((seen) => (seen ? 'visible' : 'hidden'));
  const indexes = wrong.map(({ batch, head, query, key }) => [batch, head, query, key]);
  const extent = { dims: c.dims, axes: ['b', 'h', 'm', 'n'], shape: [c.dims.b, mask.heads, mask.m, mask.n] };
  return placesInCommon(`the cells of the mask that are wrongly ${faults.join(' or ')}`, indexes, extent);
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
