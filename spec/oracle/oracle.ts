import { secondForm } from '../operator/facts.js';
import type { Expectation, Problem } from '../problem.js';
import { costOf } from '../program/cost.js';
import { causesOf, dialectBeyondPrograms, interpret } from '../program/interpret.js';
import { mayOverflow } from '../program/overflow.js';
import { unbearable } from '../program/primitives/softmax.js';
import { secondBelowOf } from './output-bound.js';
import type { RowFilter } from './softmax-forward.js';
import { streamedExpectation } from './streamed.js';

/** Exact outputs of a problem, or gradients, with error bounds before the store. */
export function expectationOf(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation {
  const streamed = streamedExpectation(problem, gradients, rows);
  const { outputs, ...rest } = streamed ?? interpret(problem, gradients);
  const second = secondFormOf(problem, gradients);
  // softmax rows have one cause; if the program leaves no element open, its second form does
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

/** Most elements of a second form: the slower one of two forms would take minutes. */
const COST = 2 ** 26;

const tooLarge = 'the bounds of the second form, which computes in another order, take too long at these sizes';

interface SecondForm {
  bounds(output: string, own: Float64Array): Float64Array;
  causes(): readonly string[];
}

/** Second form on a problem; too large ones get infinite bounds. */
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

function once<T>(compute: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => {
    found ??= { value: compute() };
    return found.value;
  };
}
