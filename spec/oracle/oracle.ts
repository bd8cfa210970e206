import { secondForm } from '../operator/facts.js';
import { costOf } from '../program/cost.js';
import { dialectBeyondPrograms, interpret } from '../program/interpret.js';
import { unbearable } from '../program/primitives/softmax.js';
import { secondBelowOf } from './output-bound.js';
import type { Expectation, Problem } from './problem.js';
import type { RowFilter } from './softmax-forward.js';
import { streamedExpectation } from './streamed.js';

/**
 * The exact outputs of a problem, with what an implementation of its numeric profile may differ by (before the store): row by row where its program is
 * softmax attention, interpreted otherwise.
 * @param gradients the backward pass: dq, dk, dv, … instead of o and lse. @param rows of a streamed forward pass; the others are undecided.
 */
export function expectationOf(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation {
  const streamed = streamedExpectation(problem, gradients, rows);
  return streamed
    ? withSecondForm(problem, gradients, withCause(streamed), secondBelowOf(problem.numeric, gradients))
    : withSecondForm(problem, gradients, interpret(problem, gradients));
}

/** Rows of softmax are undecided for one reason. */
function withCause({ outputs, ...rest }: Expectation): Expectation {
  const because = () => [unbearable];
  return { ...rest, outputs: Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, { ...output, because }])) };
}

/** Elements that a second form may compute: one that is not the quicker of both would take minutes at the sizes of the other. */
const COST = 2 ** 26;

/**
 * Adds the bounds of the operator's second form, which are computed when they are first asked for; nothing where it takes long.
 * @param secondBelow error from which they do not count.
 */
function withSecondForm(problem: Problem, gradients: boolean, expectation: Expectation, secondBelow?: number): Expectation {
  const operator = secondForm(problem.operator);
  if (!operator || costOf(operator)(problem.case.dims) > COST || dialectBeyondPrograms(problem)) return expectation;
  let computed: Expectation['outputs'] | undefined;
  const boundsOf = (name: string) => {
    computed ??= interpret({ ...problem, operator }, gradients).outputs;
    return computed[name].bound;
  };
  const outputs = Object.entries(expectation.outputs).map(([name, output]) => [
    name,
    { ...output, second: () => boundsOf(name), ...(secondBelow !== undefined && { secondBelow }) },
  ]);
  return { ...expectation, outputs: Object.fromEntries(outputs) };
}
