import { secondForm } from '../operator/facts.js';
import { costOf } from '../program/cost.js';
import { causesOf, dialectBeyondPrograms, interpret } from '../program/interpret.js';
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
  const { outputs, ...rest } = streamed ?? interpret(problem, gradients);
  // rows of softmax are undecided for one reason
  const because = once(() => (streamed ? [unbearable] : causesOf(problem, gradients)));
  const boundsOf = secondBoundsOf(problem, gradients);
  const secondBelow = streamed && secondBelowOf(problem.numeric, gradients);
  const withMore = Object.entries(outputs).map(([name, output]) => [
    name,
    { ...output, because, ...(boundsOf && { second: () => boundsOf(name), ...(secondBelow !== undefined && { secondBelow }) }) },
  ]);
  return { ...rest, outputs: Object.fromEntries(withMore) };
}

/** Elements that a second form may compute: one that is not the quicker of both would take minutes at the sizes of the other. */
const COST = 2 ** 26;

/** Returns what gives the bounds of each output by the operator's second form; undefined where it takes long. */
function secondBoundsOf(problem: Problem, gradients: boolean): ((output: string) => Float64Array) | undefined {
  const operator = secondForm(problem.operator);
  if (!operator || costOf(operator)(problem.case.dims) > COST || dialectBeyondPrograms(problem)) return undefined;
  const outputs = once(() => interpret({ ...problem, operator }, gradients).outputs);
  return (output) => outputs()[output].bound;
}

/** Computes a value when it is first asked for. */
function once<T>(compute: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => {
    found ??= { value: compute() };
    return found.value;
  };
}
