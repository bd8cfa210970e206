import { declaredAxes, flatAxesOf, inputsOf } from '../../../../spec/operator/facts.js';
import { placeAlong, sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { Mutator } from './mutator.js';

/** Tensors of every attention; shifting them is no fault of a single operator. */
const main: ReadonlySet<string> = new Set(['q', 'k', 'v']);

/** Reads a gate, decay or other token input one token late; the first token reads the last. */
export const gateLate: Mutator = {
  id: 'gate-late',
  imitates: 'https://github.com/fla-org/flash-linear-attention/pull/965',
  *faults(operator) {
    for (const [name, declared] of Object.entries(declaredAxes(operator))) {
      const axis = flatAxesOf(declared).findIndex((own) => own === 'n' || own === 'm');
      if (axis < 0 || main.has(name) || inputsOf(operator)[name].kind !== 'number') continue;
      yield {
        title: `${name} is read one token late`,
        read: (problem) => {
          const t = problem.inputs[name];
          return t ? { ...problem, inputs: { ...problem.inputs, [name]: late(t, axis) } } : problem;
        },
      };
    }
  },
};

function late({ shape, data }: Float64Tensor, axis: number): Float64Tensor {
  const step = sizeOf(shape.slice(axis + 1));
  const place = placeAlong(shape, axis);
  const last = (shape[axis] - 1) * step;
  return { shape, data: data.map((_, at) => (place(at) === 0 ? data[at + last] : data[at - step])) };
}
