import type { CarriedState } from '../../../../spec/operator/carried-state.js';
import { inputsOf } from '../../../../spec/operator/facts.js';
import type { Expectation, Problem } from '../../../../spec/problem.js';
import { sizeOf } from '../../../../spec/tensor/tensor.js';
import type { ProblemHypothesis } from '../hypothesis.js';
import { plain } from './parts.js';

/** Axes outside a state's matrix. */
const outer: readonly string[] = ['b', 'hk', 'g'];

/** States read or written with rows and columns swapped. */
export function* layoutHypotheses(problem: Problem, { input, output }: CarriedState): Generator<ProblemHypothesis> {
  const { operator, inputs } = problem;
  const [row, column] = inputsOf(operator)[input].axes.slice(-2);
  if (column === undefined || outer.includes(row) || outer.includes(column)) return;
  const given = inputs[input];
  const order = `[${row}, ${column}]`;
  const other = `[${column}, ${row}]`;
  const read = given && { ...problem, inputs: { ...inputs, [input]: { shape: given.shape, data: asRead(given.data, given.shape) } } };
  const after = (answer: Expectation): Expectation => {
    const { shape, value, bound } = plain(answer.outputs[output]);
    const flat = shape.with(-1, shape[shape.length - 2]).with(-2, shape[shape.length - 1]);
    return { ...answer, outputs: { ...answer.outputs, [output]: { shape, value: asRead(value, flat), bound: asRead(bound, flat) } } };
  };
  if (read) {
    yield { text: `a kernel that reads ${input} as ${other}, where it is ${order}: the state is transposed`, problem: read };
    yield { text: `a kernel that reads ${input} and writes ${output} as ${other}, where they are ${order}`, problem: read, after };
  }
  yield { text: `a kernel that writes ${output} as ${other}, where it is ${order}: the state is transposed`, problem, after };
}

/** Reads matrices stored as [.., columns, rows] as [.., rows, columns]. */
function asRead(data: Float64Array, shape: readonly number[]): Float64Array {
  const [rows, columns] = shape.slice(-2);
  const size = sizeOf([rows, columns]);
  return data.map((_, at) => {
    const [first, place] = [at - (at % size), at % size];
    return data[first + (place % columns) * rows + Math.floor(place / columns)];
  });
}
