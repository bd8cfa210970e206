import { secondForm } from '../operator/facts.js';
import type { Expectation, Problem } from '../problem.js';
import { costOf } from '../program/cost.js';
import { causesOf, dialectBeyondPrograms, interpret } from '../program/interpret.js';
import { mayOverflow } from '../program/overflow.js';
import { unbearable } from '../program/primitives/softmax.js';
import { secondBelowOf } from './output-bound.js';
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
  const second = secondFormOf(problem, gradients);
  // rows of softmax are undecided for one reason; where the document leaves nothing open, its second form does
  const because = once(() => {
    const causes = streamed ? [unbearable] : causesOf(problem, gradients);
    return causes.length > 0 || !second ? causes : second.causes();
  });
  const secondBelow = streamed && secondBelowOf(problem.numeric, gradients);
  const withMore = Object.entries(outputs).map(([name, output]) => [
    name,
    {
      ...output,
      because,
      ...(second && { second: once(() => second.bounds(name, output.bound)), ...(secondBelow !== undefined && { secondBelow }) }),
    },
  ]);
  return { ...rest, outputs: Object.fromEntries(withMore) };
}

/** Elements that a second form may compute: one that is not the quicker of both would take minutes at the sizes of the other. */
const COST = 2 ** 26;

/** Says why an answer near the bounds of the first form is undecided. */
const tooLarge = 'the second form, which has wider bounds in another order of computation, takes too long at these sizes';

/** Second form of an operator on a problem. */
interface SecondForm {
  /** Bounds of an output. @param own bounds by the document's program, which stand for those that it lacks if numbers of it may overflow. */
  bounds(output: string, own: Float64Array): Float64Array;
  /** Says why elements are undecided. */
  causes(): readonly string[];
}

/** Returns what the operator's second form says of a problem: infinite bounds where it takes long, since a right answer may follow it. */
function secondFormOf(problem: Problem, gradients: boolean): SecondForm | undefined {
  const operator = secondForm(problem.operator);
  if (!operator || dialectBeyondPrograms(problem)) return undefined;
  if (costOf(operator)(problem.case.dims) > COST) return { causes: () => [tooLarge], bounds: (_, own) => own.map(() => Infinity) };
  const outputs = once(() => interpret({ ...problem, operator }, gradients).outputs);
  const causes = once(() => causesOf({ ...problem, operator }, gradients));
  return {
    causes,
    bounds(output, own) {
      const { bound } = outputs()[output];
      if (!bound.includes(Infinity) || !causes().includes(mayOverflow)) return bound;
      return bound.map((x, at) => (x === Infinity ? own[at] : x));
    },
  };
}

/** Computes a value when it is first asked for. */
function once<T>(compute: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => {
    found ??= { value: compute() };
    return found.value;
  };
}
