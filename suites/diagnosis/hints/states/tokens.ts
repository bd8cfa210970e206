import { declaredAxes, flatAxesOf, inputsOf } from '../../../../spec/operator/facts.js';
import type { Problem } from '../../../../spec/problem.js';
import { placeAlong, sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { ProblemHypothesis } from '../hypothesis.js';

const edges = ['own', 'wrapped', 'zero'] as const;

/** Each token reads an input's row of its neighbour. */
export function* tokenHypotheses(problem: Problem): Generator<ProblemHypothesis> {
  const { operator, inputs } = problem;
  const facts = inputsOf(operator);
  for (const [name, axes] of Object.entries(declaredAxes(operator))) {
    const axis = flatAxesOf(axes).indexOf('n');
    const input = inputs[name];
    if (!input || axis < 0 || input.shape[axis] < 2 || facts[name].kind !== 'number') continue;
    for (const [step, other] of [
      [-1, 'before'],
      [1, 'after'],
    ] as const) {
      // no document says which row the token at the edge reads
      for (const edge of edges)
        yield {
          text: `a kernel where each token reads ${name} of the token ${other} it`,
          problem: { ...problem, inputs: { ...inputs, [name]: shiftedBy(input, axis, step, edge) } },
        };
    }
  }
}

function shiftedBy({ shape, data }: Float64Tensor, axis: number, step: number, edge: (typeof edges)[number]): Float64Tensor {
  const inner = sizeOf(shape.slice(axis + 1));
  const place = placeAlong(shape, axis);
  const size = shape[axis];
  return {
    shape,
    data: data.map((own, at) => {
      const from = place(at) + step;
      if (from >= 0 && from < size) return data[at + step * inner];
      if (edge === 'zero') return 0;
      return edge === 'own' ? own : data[at + (((from + size) % size) - place(at)) * inner];
    }),
  };
}
