import { tensor, transpose, contiguous, type Tensor } from '../../../spec/tensor/tensor.js';
import { type Comparand, compareOutput } from '../compare.js';

/** Every pair of axes. */
export function swappedAxes(rank: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let x = 0; x < rank; x++) for (let y = x + 1; y < rank; y++) pairs.push([x, y]);
  return pairs;
}

const axisNames = ['batch', 'head', 'sequence', 'feature'];

/** Which two axes of an output, swapped, would make every element right. The data is read as if it lay in the swapped order. */
export function swappedAxesHint(c: Comparand): string | undefined {
  const { shape } = c.actual;
  for (const [x, y] of swappedAxes(shape.length)) {
    if (shape[x] === 1 || shape[y] === 1) continue;
    const order = shape.map((_, axis) => (axis === x ? y : axis === y ? x : axis));
    const lying = tensor(c.actual.dtype, order.map((axis) => shape[axis]), c.actual.data);
    if (fits({ ...c, actual: contiguous(transpose(lying, order)) as Tensor })) {
      return `${c.output} would fit if its ${axisNames[x]} and ${axisNames[y]} axes were swapped`;
    }
  }
  return undefined;
}

/** Every decided element is right, and at least nine tenths are decided. */
export function fits(c: Comparand): boolean {
  const { worst, statistics } = compareOutput(c);
  return !worst && statistics.undecided * 9 <= statistics.elements;
}
