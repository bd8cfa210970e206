import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import { gradientsAnywhere, gradientsOfRanks } from './gradients.js';
import { ownKeysForAll } from './own-keys.js';
import { mergedParts } from './parts.js';
import type { Placement } from './placement.js';
import { movedRows } from './rows.js';
import { movedBlocks, seenByRanks } from './seen.js';

const MOST_RANKS = 8;

/** Faults of ranks that share the work: wrong keys, positions and merges. */
export function* rankHypotheses(subject: Subject): Generator<ProblemHypothesis> {
  const [first] = subject.placements;
  if (first && subject.backward) yield* gradientsAnywhere(subject.problem, first.tokens.length);
  for (const placement of subject.placements) {
    const isLarge = placement.tokens.length > MOST_RANKS;
    for (const { text, ...hypothesis } of aboutRanks(subject, placement))
      yield { ...hypothesis, text: `${text}${placement.assumed}`, ...(isLarge && { untold: true }) };
  }
}

function* aboutRanks({ problem, backward, evaluate }: Subject, placement: Placement): Generator<ProblemHypothesis> {
  yield* seenByRanks(problem, placement);
  const untold = placement.isPadded;
  for (const hypothesis of movedBlocks(problem, placement)) yield { ...hypothesis, untold };
  for (const hypothesis of movedRows(problem, backward, placement)) yield { ...hypothesis, untold };
  for (const hypothesis of ownKeysForAll(problem, backward, evaluate, placement)) yield { ...hypothesis, untold };
  if (backward) yield* gradientsOfRanks(problem, evaluate, placement);
  else yield* mergedParts(problem, evaluate, placement);
}
