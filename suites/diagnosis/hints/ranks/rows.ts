import type { Expectation, Expected, Problem } from '../../../../spec/oracle/problem.js';
import { sizeOf } from '../../../../spec/tensor/tensor.js';
import type { ProblemHypothesis } from '../hypothesis.js';
import type { Placement } from './placement.js';
import { neighbours } from './seen.js';

/** Hypotheses about outputs that lie in the places of other tokens. */
export function* movedRows(problem: Problem, backward: boolean, { owner, local, tokens }: Placement): Generator<ProblemHypothesis> {
  const names = backward ? ['dq', 'dk', 'dv'] : ['o', 'lse'];
  const moved = (text: string, from: (token: number) => number | undefined, outputs = names): ProblemHypothesis => ({
    text,
    problem,
    after: (answer) => movedTo(answer, outputs, from),
  });
  const order = tokens.flat();
  const ranks = tokens.length;
  yield moved('outputs that are put together in the order of the shards', (token) => order[token]);
  yield moved('outputs in the reverse order of the tokens of each rank', (token) => tokens[owner[token]].at(-1 - local[token]));
  for (const [step, which] of neighbours(ranks)) {
    const there = (token: number) => tokens[(owner[token] + step) % ranks][local[token]];
    yield moved(`outputs that are those of ${which}`, there);
    if (backward) yield moved(`dk and dv that are those of ${which}`, there, ['dk', 'dv']);
  }
}

/** The answer with other tokens' rows in some outputs [b, heads, tokens, …]; a token without another one keeps its own. */
export function movedTo(answer: Expectation, names: readonly string[], from: (token: number) => number | undefined): Expectation {
  const moved = names.flatMap((name) => (answer.outputs[name] ? [[name, rowsFrom(answer.outputs[name], from)] as const] : []));
  return { ...answer, outputs: { ...answer.outputs, ...Object.fromEntries(moved) } };
}

function rowsFrom({ shape, value, bound }: Expected, from: (token: number) => number | undefined): Expected {
  const [tokens, width] = [shape[2], sizeOf(shape.slice(3))];
  const places = Int32Array.from(value, (_, at) => {
    const token = Math.floor(at / width) % tokens;
    return at + ((from(token) ?? token) - token) * width;
  });
  return { shape, value: Float64Array.from(places, (place) => value[place]), bound: Float64Array.from(places, (place) => bound[place]) };
}
