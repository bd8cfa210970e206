import { declaredAxes, flatAxesOf, inputsOf } from '../../../../spec/operator/facts.js';
import type { Problem } from '../../../../spec/oracle/problem.js';
import type { Float64Tensor } from '../../../../spec/oracle/tensor-rows.js';
import { placeAlong, sizeOf } from '../../../../spec/tensor/tensor.js';
import type { ProblemHypothesis } from '../hypothesis.js';

/** Inputs of which each token reads the row of its neighbour. */
export function* tokenHypotheses(problem: Problem): Generator<ProblemHypothesis> {
  const { operator, inputs } = problem;
  const facts = inputsOf(operator);
  for (const [name, axes] of Object.entries(declaredAxes(operator))) {
    const axis = flatAxesOf(axes).indexOf('n');
    const input = inputs[name];
    if (!input || axis < 0 || input.shape[axis] < 2 || facts[name].kind !== 'number') continue;
    for (const [step, other, edge] of [
      [-1, 'before', 'first'],
      [1, 'after', 'last'],
    ] as const) {
      const shifted = (text: string, isKept: boolean): ProblemHypothesis => ({
        text: `a kernel where each token reads ${name} of the token ${other} it (${text} at the ${edge})`,
        problem: { ...problem, inputs: { ...inputs, [name]: shiftedBy(input, axis, step, isKept) } },
      });
      yield shifted('its own', true);
      yield shifted('0', false);
    }
  }
}

/** Each row of an axis is its neighbour; the row at the edge is its own, or 0. */
function shiftedBy({ shape, data }: Float64Tensor, axis: number, step: number, isKept: boolean): Float64Tensor {
  const inner = sizeOf(shape.slice(axis + 1));
  const place = placeAlong(shape, axis);
  return {
    shape,
    data: data.map((own, at) => {
      const from = place(at) + step;
      if (from >= 0 && from < shape[axis]) return data[at + step * inner];
      return isKept ? own : 0;
    }),
  };
}
