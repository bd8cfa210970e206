import { allocate } from '../../../spec/tensor/dtype.js';
import { isShapeOnly, shapeOnly, sizeOf, type Tensor, tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';

/** Axes of the channels of keys and of values in a state's shape, after all other axes. */
export interface StateAxes {
  /** Axis of the channels that tokens write to and read from. */
  readonly d: number;
  /** Axis of the channels of values, which are independent of each other. */
  readonly e: number;
}

/** Returns added + M·earlier, in f64, the state after a chunk with matrix M [heads…, d, d]. */
export function afterChunk(added: Tensor, matrix: Tensor, earlier: Tensor, axes: StateAxes): Tensor {
  return addProduct(added, earlier, axes, elementsOf(matrix));
}

/** Returns added + Mᵀ·later, in f64, the gradient of the state before a chunk. */
export function beforeChunk(added: Tensor, matrix: Tensor, later: Tensor, axes: StateAxes): Tensor {
  const element = elementsOf(matrix);
  return addProduct(added, later, axes, (head, i, j) => element(head, j, i));
}

type Element = (head: number, row: number, column: number) => number;

function elementsOf(matrix: Tensor): Element {
  const d = matrix.shape[matrix.shape.length - 1];
  const values = isShapeOnly(matrix) ? new Float64Array(0) : valuesOf(matrix);
  return (head, row, column) => values[(head * d + row) * d + column];
}

function addProduct(added: Tensor, state: Tensor, axes: StateAxes, element: Element): Tensor {
  const { shape } = added;
  if (isShapeOnly(added)) return shapeOnly('f64', shape);
  const { d, e, heads, at } = placesIn(shape, axes);
  const sum = valuesOf(added).slice();
  const from = valuesOf(state);
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        const factor = element(head, i, j);
        for (let c = 0; c < e; c++) sum[at(head, i, c)] += factor * from[at(head, j, c)];
      }
    }
  }
  return tensor('f64', shape, sum);
}

/** Returns a state with the unit vector of channel first + c in column c, 0 if first + c ≥ d. */
export function unitStates(like: Tensor, axes: StateAxes, first: number): Tensor {
  const { shape, dtype } = like;
  if (isShapeOnly(like)) return shapeOnly(dtype, shape);
  const { d, e, heads, at } = placesIn(shape, axes);
  const values = new Float64Array(sizeOf(shape));
  for (let head = 0; head < heads; head++) for (let c = 0; c < e && first + c < d; c++) values[at(head, first + c, c)] = 1;
  return tensorOf(dtype, shape, values);
}

/** M [heads…, d, d]; result x is from the unit vectors of channels x·e and up. */
export function matrixOf(results: readonly Tensor[], axes: StateAxes, dtype: 'f32' | 'f64'): Tensor {
  const [{ shape }] = results;
  const { d, e, heads, at } = placesIn(shape, axes);
  const whole = [...shape.slice(0, -2), d, d];
  if (results.some(isShapeOnly)) return shapeOnly(dtype, whole);
  const matrix = allocate(dtype, sizeOf(whole));
  for (const [x, result] of results.entries()) {
    const values = valuesOf(result);
    for (let head = 0; head < heads; head++)
      for (let i = 0; i < d; i++)
        for (let c = 0; c < e && x * e + c < d; c++) matrix[(head * d + i) * d + x * e + c] = values[at(head, i, c)];
  }
  return tensor(dtype, whole, matrix);
}

function placesIn(shape: readonly number[], axes: StateAxes) {
  const [d, e] = [shape[axes.d], shape[axes.e]];
  const heads = sizeOf(shape) / (d * e);
  const keysFirst = axes.d < axes.e;
  const at = (head: number, i: number, c: number) => head * d * e + (keysFirst ? i * e + c : c * d + i);
  return { d, e, heads, at };
}
