import { contiguous, type Tensor, tensor, transpose } from '../../../../spec/tensor/tensor.js';
import type { Comparand } from '../../../judging/compared.js';
import { fits } from '../fits.js';

/** Every pair of axes. */
export function swappedAxes(rank: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let x = 0; x < rank; x++) for (let y = x + 1; y < rank; y++) pairs.push([x, y]);
  return pairs;
}

const axisNames = ['batch', 'head', 'sequence', 'feature'];

/** Names two axes; swapping them makes the output right. Undefined unless one pair alone does, or if only some rows are judged. */
export function swappedAxesHint(c: Comparand): string | undefined {
  if (c.judged?.includes(0)) return undefined;
  const { shape } = c.actual;
  const fitting = swappedAxes(shape.length).filter(
    ([x, y]) => shape[x] > 1 && shape[y] > 1 && fits({ ...c, actual: reread(c.actual, x, y) }),
  );
  if (fitting.length !== 1) return undefined;
  const [[x, y]] = fitting;
  return `${c.output} would fit if its ${axisNames[x]} and ${axisNames[y]} axes were swapped`;
}

function reread({ dtype, shape, data }: Tensor, x: number, y: number): Tensor {
  const order = shape.map((_, axis) => (axis === x ? y : axis === y ? x : axis));
  const lying = tensor(
    dtype,
    order.map((axis) => shape[axis]),
    data,
  );
  return contiguous(transpose(lying, order));
}
