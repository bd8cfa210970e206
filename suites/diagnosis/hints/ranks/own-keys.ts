import type { Expectation, Expected, Problem } from '../../../../spec/oracle/problem.js';
import type { Float64Tensor } from '../../../../spec/oracle/tensor-rows.js';
import { sizeOf } from '../../../../spec/tensor/tensor.js';
import { overOutputs } from '../delta.js';
import type { ProblemHypothesis, Subject } from '../hypothesis.js';
import type { Placement } from './placement.js';
import { keptQueries } from './queries.js';

/** Hypotheses about ranks that compute every block with the keys and values of their own: what was sent to them is not used. */
export function* ownKeysForAll(
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
          placement,
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

/** The problem in which every block of keys and values is that of one rank. */
function withKeysOf(problem: Problem, { local, tokens }: Placement, rank: number): Problem {
  const moved = ({ shape, data }: Float64Tensor): Float64Tensor => {
    const [n, width] = [shape[2], sizeOf(shape.slice(3))];
    return {
      shape,
      data: data.map((_, at) => {
        const token = Math.floor(at / width) % n;
        return data[at + (tokens[rank][local[token]] - token) * width];
      }),
    };
  };
  const { k, v } = problem.inputs;
  return { ...problem, inputs: { ...problem.inputs, k: moved(k), v: moved(v) } };
}

/** The answer whose rows are those of the rank of their tokens. */
function rowsOfRanks(answer: Expectation, { owner }: Placement, ofRanks: readonly Expectation[]): Expectation {
  const rowsOf = (name: 'o' | 'lse'): Expected => {
    const { shape } = answer.outputs[name];
    const [m, width] = [shape[2], sizeOf(shape.slice(3))];
    const picked = (of: 'value' | 'bound') =>
      answer.outputs[name][of].map((_, at) => ofRanks[owner[Math.floor(at / width) % m]].outputs[name][of][at]);
    return { shape, value: picked('value'), bound: picked('bound') };
  };
  return { ...answer, outputs: { ...answer.outputs, o: rowsOf('o'), lse: rowsOf('lse') } };
}

/** The answer whose gradients are the sums of those of parts. */
function summed(answer: Expectation, parts: readonly Expectation[]): Expectation {
  const outputs = Object.entries(answer.outputs).map(([name, { shape, value }]) => {
    const sum = (of: 'value' | 'bound') => value.map((_, at) => parts.reduce((total, part) => total + part.outputs[name][of][at], 0));
    return [name, { shape, value: sum('value'), bound: sum('bound') }] as const;
  });
  return { ...answer, outputs: Object.fromEntries(outputs) };
}
