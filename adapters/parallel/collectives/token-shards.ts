import { axesOf, flatAxesOf } from '../../../spec/operator/facts.js';
import { lengthOf, type Positions } from '../../../spec/positions.js';
import { contiguous, rowMajor, sizeOf, type Tensor, type Tensors } from '../../../spec/tensor/tensor.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { NamedParts, OwnTensors } from '../program.js';
import { putRows, takeRows } from './shards.js';

/** Returns a rank's tokens of tensors with a token axis, and all other tensors whole. */
export function takeTokens(operator: Operator, tensors: Tensors, places: readonly Positions[]): OwnTensors {
  const taken = Object.entries(tensors).map(([name, t]) => {
    const axis = tokenAxis(operator, name);
    return [name, axis < 0 ? t : alongTokens(t, axis, places)] as const;
  });
  return { rows: lengthOf(places), tensors: Object.fromEntries(taken) };
}

function alongTokens(t: Tensor, axis: number, places: readonly Positions[]): Tensor {
  const { shape } = t;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const flat = withShape(contiguous(t), [1, outer, shape[axis], inner]);
  return withShape(
    takeRows(flat, places),
    shape.map((size, x) => (x === axis ? lengthOf(places) : size)),
  );
}

function withShape(t: Tensor, shape: readonly number[]): Tensor {
  return { ...t, shape, strides: rowMajor(shape) };
}

/** Joins the parts of all ranks: rows at their positions; tensors without token axis are summed. */
export function joinParts(
  operator: Operator,
  name: string,
  shape: readonly number[],
  parts: readonly NamedParts[],
  places: readonly (readonly Positions[])[],
): Float64Array {
  const whole = new Float64Array(sizeOf(shape));
  const axis = tokenAxis(operator, name);
  for (const [rank, { [name]: part }] of parts.entries()) {
    if (!part) continue;
    if (axis < 0) for (let at = 0; at < whole.length; at++) whole[at] += part[at];
    else putRows(whole, sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1)), part, places[rank]);
  }
  return whole;
}

/** Returns the index of a tensor's token axis, or −1. */
function tokenAxis(operator: Operator, name: string): number {
  return flatAxesOf(axesOf(operator, name) ?? []).findIndex((axis) => axis === 'n' || axis === 'm');
}
