import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import { gradientsAnywhere, gradientsOfRanks } from './gradients.js';
import { ownKeysForAll } from './own-keys.js';
import { mergedParts } from './parts.js';
import type { Placement } from './placement.js';
import { movedRows } from './rows.js';
import { movedBlocks, seenByRanks } from './seen.js';

/** Most ranks about which hypotheses are made: several of them take an answer for each rank. */
const MOST_RANKS = 8;

/** Hypotheses about how the ranks of a scheme share the work: which keys they see, and what becomes of their parts. */
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
  // what padding holds is not known
  const untold = placement.isPadded;
  for (const hypothesis of movedBlocks(problem, placement)) yield { ...hypothesis, untold };
  for (const hypothesis of movedRows(problem, backward, placement)) yield { ...hypothesis, untold };
  for (const hypothesis of ownKeysForAll(problem, backward, evaluate, placement)) yield { ...hypothesis, untold };
  if (backward) yield* gradientsOfRanks(problem, evaluate, placement);
  else yield* mergedParts(problem, evaluate, placement);
}
