import type { Expectation, Problem } from '../../../../spec/problem.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import { overOutputs } from '../delta.js';
import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import { gradientsAnywhere, gradientsOfRanks } from './gradients.js';
import { mergedParts } from './parts.js';
import type { Placement } from './placement.js';
import { keptQueries } from './queries.js';
import { movedRows, placesFrom, rowsOfRanks } from './rows.js';
import { movedBlocks, seenByRanks } from './seen.js';

/** Ranks that compute every block with their own keys and values instead of the received ones. */
function* ownKeysForAll(
  problem: Problem,
  backward: boolean,
  evaluate: Subject['evaluate'],
  placement: Placement,
): Generator<ProblemHypothesis> {
  const { tokens } = placement;
  const ofRank = (rank: number) => withKeysOf(problem, placement, rank);
  if (!backward) {
    yield {
      text: 'ranks that compute every block with their own keys and values',
      problem,
      after: (answer) =>
        rowsOfRanks(
          answer,
          ['o', 'lse'],
          placement.owner,
          tokens.map((_, rank) => evaluate(ofRank(rank), false)),
        ),
    };
    return;
  }
  yield {
    text: 'a backward pass whose ranks compute every block with their own keys and values',
    problem,
    after: (answer) => {
      const { o, lse } = evaluate(problem, false).outputs;
      const parts = tokens.map((_, rank) => {
        const own = ofRank(rank);
        const given = overOutputs(own, evaluate(own, false), { o: o.value, lse: lse.value });
        return (
          given &&
          evaluate(
            keptQueries(given, (query) => placement.owner[query] === rank),
            true,
          )
        );
      });
      return parts.every((part) => part !== undefined) ? summed(answer, parts) : answer;
    },
  };
}

function withKeysOf(problem: Problem, { local, tokens }: Placement, rank: number): Problem {
  const moved = ({ shape, data }: Float64Tensor): Float64Tensor => {
    const places = placesFrom(shape, (token) => tokens[rank][local[token]]);
    return { shape, data: data.map((_, at) => data[places[at]]) };
  };
  const { k, v } = problem.inputs;
  return { ...problem, inputs: { ...problem.inputs, k: moved(k), v: moved(v) } };
}

function summed(answer: Expectation, parts: readonly Expectation[]): Expectation {
  const outputs = Object.entries(answer.outputs).map(([name, { shape, value }]) => {
    const sum = (of: 'value' | 'bound') => value.map((_, at) => parts.reduce((total, part) => total + part.outputs[name][of][at], 0));
    return [name, { shape, value: sum('value'), bound: sum('bound') }] as const;
  });
  return { ...answer, outputs: Object.fromEntries(outputs) };
}

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
