import { declaredAxes, flatAxesOf, inputsOf } from '../../../../spec/operator/facts.js';
import { placeAlong, sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { Mutator } from './mutator.js';

/** Uses a query's indices for the next query too. */
export const indexOfAnotherQuery: Mutator = {
  id: 'index-of-another-query',
  imitates: 'lists of keys that are loaded once for a tile of queries, each of which has its own',
  *faults(operator) {
    for (const [name, declared] of Object.entries(declaredAxes(operator))) {
      const axis = flatAxesOf(declared).indexOf('m');
      if (axis < 0 || inputsOf(operator)[name].kind !== 'index') continue;
      yield {
        title: `every second query uses ${name} of the one before it`,
        read: (problem) => {
          const t = problem.inputs[name];
          return t ? { ...problem, inputs: { ...problem.inputs, [name]: inPairs(t, axis) } } : problem;
        },
      };
    }
  },
};

function inPairs({ shape, data }: Float64Tensor, axis: number): Float64Tensor {
  const step = sizeOf(shape.slice(axis + 1));
  const place = placeAlong(shape, axis);
  return { shape, data: data.map((x, at) => (place(at) % 2 === 1 ? data[at - step] : x)) };
}
