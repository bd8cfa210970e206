import type { Expectation, Problem } from '../../../../spec/problem.js';
import { overOutputs } from '../delta.js';
import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import { seeing } from '../visibility/seeing.js';
import type { Placement } from './placement.js';
import { keptQueries } from './queries.js';
import { inRankAt, movedTo, rowsOfRanks } from './rows.js';
import { neighbours } from './seen.js';

/** Wrong sums of dk and dv over the ranks, and a backward pass over the own block's outputs. */
export function* gradientsOfRanks(problem: Problem, evaluate: Subject['evaluate'], placement: Placement): Generator<ProblemHypothesis> {
  const { owner, tokens, isPadded } = placement;
  const ranks = tokens.length;
  const from = (text: string, counts: (ofQuery: number, ofKey: number) => boolean): ProblemHypothesis => ({
    text,
    problem,
    after: (answer) => {
      const ofRank = (rank: number) => keptQueries(problem, (query) => counts(owner[query], rank));
      return rowsOfRanks(
        answer,
        ['dk', 'dv'],
        owner,
        tokens.map((_, rank) => evaluate(ofRank(rank), true)),
      );
    },
  });
  yield from("dk and dv of the queries of the key's own rank alone, without the sum over the ranks", (query, key) => query === key);
  yield from("dk and dv without the queries of the key's own rank", (query, key) => query !== key);
  for (const [step, which] of neighbours(ranks))
    yield from(`dk and dv without the queries of ${which}`, (query, key) => query !== (key + step) % ranks);
  yield {
    text: "a backward pass over the o and the LSE of each rank's own block of keys",
    problem,
    after: (answer) => {
      const own = ownOutputs(problem, evaluate, owner);
      return own ? evaluate(own, true) : answer;
    },
  };
  const { k, v } = problem.inputs;
  if (k.shape[3] !== v.shape[3]) return;
  for (const [step, which] of neighbours(ranks))
    yield {
      text: `the sum of dk and dv of ${which}, as of one buffer`,
      problem,
      untold: isPadded,
      after: (answer) => movedTo(inOneBuffer(answer), ['dk', 'dv'], inRankAt(placement, step)),
    };
}

/** Wrong sums of dk and dv that do not depend on the placement of tokens. */
export function* gradientsAnywhere(problem: Problem, ranks: number): Generator<ProblemHypothesis> {
  for (const [text, factor] of [
    ['dk and dv that are the mean over the ranks rather than the sum', 1 / ranks],
    ['dk and dv that are summed over the ranks once for each rank', ranks],
  ] as const)
    yield { text, problem, after: (answer) => times(answer, factor) };
  const { k, v } = problem.inputs;
  if (k.shape[3] === v.shape[3]) yield { text: 'the sum of dk and dv, as of one buffer', problem, after: inOneBuffer };
}

/** Backward problem over the own keys' outputs; undefined with a sink, or rows without own keys. */
function ownOutputs(problem: Problem, evaluate: Subject['evaluate'], owner: Int32Array): Problem | undefined {
  if (problem.inputs.sink) return undefined;
  const { visible } = problem.mask;
  const whole = evaluate(problem, false);
  const own = evaluate(seeing(problem, { visible: (b, h, i, j) => owner[i] === owner[j] && visible(b, h, i, j) }), false);
  if (own.empty.some((is, row) => is !== whole.empty[row])) return undefined;
  return overOutputs(problem, whole, { o: own.outputs.o.value, lse: own.outputs.lse.value });
}

function times(answer: Expectation, factor: number): Expectation {
  const multiplied = ['dk', 'dv'].flatMap((name) => {
    const { shape, value, bound } = answer.outputs[name] ?? {};
    return shape ? [[name, { shape, value: value.map((x) => factor * x), bound: bound.map((x) => factor * x) }] as const] : [];
  });
  return { ...answer, outputs: { ...answer.outputs, ...Object.fromEntries(multiplied) } };
}

function inOneBuffer(answer: Expectation): Expectation {
  const { dk, dv } = answer.outputs;
  if (!dk || !dv) return answer;
  const sum = { shape: dk.shape, value: dk.value.map((x, at) => x + dv.value[at]), bound: dk.bound.map((x, at) => x + dv.bound[at]) };
  return { ...answer, outputs: { ...answer.outputs, dk: sum, dv: { ...sum, value: sum.value.slice(), bound: sum.bound.slice() } } };
}
