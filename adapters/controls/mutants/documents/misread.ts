import { tiesOf } from '../../../../spec/operator/axes.js';
import { declaredAxes, flatAxesOf, inputsOf } from '../../../../spec/operator/facts.js';
import { placeAlong, sizeOf } from '../../../../spec/tensor/tensor.js';
import type { Float64Tensor } from '../../../../spec/tensor/tensor-rows.js';
import type { Mutator, ProgramFault } from './mutator.js';
import { applicationsOf, show } from './places.js';

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

/** Flips the sign of an operand. */
export const signFlipped: Mutator = {
  id: 'sign-flipped',
  imitates: 'a distance from the key to the query instead of from the query to the key, a decay that grows',
  *faults({ program }) {
    for (const { term, statement, with: replaced } of applicationsOf(program, 'add', 'sub', 'scale')) {
      const [name, x, y] = term;
      const title = `${statement}: an operand of ${show(term)} has the wrong sign`;
      if (name === 'scale') yield { title, program: replaced(['sub', 0, term as never]) };
      else yield { title, program: replaced([name === 'add' ? 'sub' : 'add', x, y]) };
    }
  },
};

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
    title: `${name} is read with ${x} and ${y} exchanged, two axes of the same size`,
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
