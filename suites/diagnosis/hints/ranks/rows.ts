import type { Expectation, Problem } from '../../../../spec/problem.js';
import { sizeOf } from '../../../../spec/tensor/tensor.js';
import type { ProblemHypothesis } from '../hypothesis.js';
import type { Placement } from './placement.js';
import { neighbours } from './seen.js';

/** Outputs in the rows of other tokens. */
export function* movedRows(problem: Problem, backward: boolean, placement: Placement): Generator<ProblemHypothesis> {
  const { owner, local, tokens } = placement;
  const names = backward ? ['dq', 'dk', 'dv'] : ['o', 'lse'];
  const moved = (text: string, from: (token: number) => number | undefined, outputs = names): ProblemHypothesis => ({
    text,
    problem,
    after: (answer) => movedTo(answer, outputs, from),
  });
  const order = tokens.flat();
  yield moved('outputs that are put together in the order of the shards', (token) => order[token]);
  yield moved('outputs in the reverse order of the tokens of each rank', (token) => tokens[owner[token]].at(-1 - local[token]));
  for (const [step, which] of neighbours(tokens.length)) {
    const there = inRankAt(placement, step);
    yield moved(`outputs that are those of ${which}`, there);
    if (backward) yield moved(`dk and dv that are those of ${which}`, there, ['dk', 'dv']);
  }
}

/** Maps a token to the one at the same index of the rank `step` ranks on. */
export function inRankAt({ owner, local, tokens }: Placement, step: number): (token: number) => number | undefined {
  return (token) => tokens[(owner[token] + step) % tokens.length][local[token]];
}

/** Moves rows of outputs [b, heads, tokens, …]; a token mapped to undefined keeps its row. */
export function movedTo(answer: Expectation, names: readonly string[], from: (token: number) => number | undefined): Expectation {
  return withRows(answer, names, (token) => [answer, from(token) ?? token]);
}

/** Takes the rows of each token from the answer of its rank. */
export function rowsOfRanks(
  answer: Expectation,
  names: readonly string[],
  owner: ArrayLike<number>,
  ofRanks: readonly Expectation[],
): Expectation {
  return withRows(answer, names, (token) => [ofRanks[owner[token]], token]);
}

/** For each element of [b, heads, tokens, …], the index of the element that replaces it. */
export function placesFrom(shape: readonly number[], from: (token: number) => number): Int32Array {
  const [tokens, width] = [shape[2], sizeOf(shape.slice(3))];
  return Int32Array.from({ length: sizeOf(shape) }, (_, at) => {
    const token = Math.floor(at / width) % tokens;
    return at + (from(token) - token) * width;
  });
}

function withRows(answer: Expectation, names: readonly string[], from: (token: number) => readonly [Expectation, number]): Expectation {
  const changed = names
    .filter((name) => answer.outputs[name])
    .map((name) => {
      const { shape } = answer.outputs[name];
      const [tokens, width] = [shape[2], sizeOf(shape.slice(3))];
      const places = placesFrom(shape, (token) => from(token)[1]);
      const of = (which: 'value' | 'bound') =>
        Float64Array.from(places, (place, at) => from(Math.floor(at / width) % tokens)[0].outputs[name][which][place]);
      return [name, { shape, value: of('value'), bound: of('bound') }] as const;
    });
  return { ...answer, outputs: { ...answer.outputs, ...Object.fromEntries(changed) } };
}
