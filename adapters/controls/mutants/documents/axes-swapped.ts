import { tiesOf } from '../../../../spec/operator/axes.js';
import { declaredAxes, flatAxesOf } from '../../../../spec/operator/facts.js';
import { placeAlong, sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { Mutator, ProgramFault } from './mutator.js';

/** Reads an input transposed, claiming equal sizes of both axes to hide the fault. */
export const axesSwapped: Mutator = {
  id: 'axes-swapped',
  imitates: 'a weight that is stored transposed, a matrix that is read by columns',
  *faults(operator) {
    const ties = tiesOf(operator);
    const inputs = Object.entries(declaredAxes(operator)).map(([name, axes]) => [name, flatAxesOf(axes)] as const);
    // tied axes always have one size
    for (const [name, axes] of inputs)
      for (const pair of ties) if (pair.every((axis) => axes.includes(axis))) yield fault(name, axes, pair, true);
    // no limit can tie heads to another axis
    for (const [name, axes] of inputs)
      if (axes.length >= 2 && !axes.slice(-2).includes('h')) yield fault(name, axes, axes.slice(-2), false);
  },
};

function fault(name: string, axes: readonly string[], [x, y]: readonly string[], isTied: boolean): ProgramFault {
  const [first, second] = [axes.indexOf(x), axes.indexOf(y)].sort((a, b) => a - b);
  return {
    title: `${name} is read with ${x} and ${y} exchanged, which have one size`,
    ...(!isTied && { limits: { [y]: `=${x}` } }),
    read: (problem) => {
      const t = problem.inputs[name];
      if (!t || t.shape[first] !== t.shape[second]) return problem;
      return { ...problem, inputs: { ...problem.inputs, [name]: exchanged(t, first, second) } };
    },
  };
}

/** Returns the tensor with two axes of equal size exchanged. */
export function exchanged({ shape, data }: Float64Tensor, first: number, second: number): Float64Tensor {
  const steps = [first, second].map((axis) => sizeOf(shape.slice(axis + 1)));
  const places = [first, second].map((axis) => placeAlong(shape, axis));
  const moved = data.map((_, at) => {
    const [i, j] = places.map((place) => place(at));
    return data[at + (j - i) * steps[0] + (i - j) * steps[1]];
  });
  return { shape, data: moved };
}
