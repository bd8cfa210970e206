import { evaluateExpression } from '../../spec/expression/evaluate.js';
import type { NumericProfile } from '../../spec/numeric/profile.js';
import { flatAxesOf } from '../../spec/operator/facts.js';
import { sizeOf } from '../../spec/tensor/tensor.js';
import type { Expression } from '../../spec/types/documents.js';

/** Roundings of a kernel that computes a fixed value by a power or a logarithm in its accumulator. */
const ROUNDINGS = 4;

/** Elements of an input of these axes and shape that an implementation fixes, row-major, in float64. */
export function fixedElements(expression: Expression, axes: readonly string[], shape: readonly number[]): Float64Array {
  const flat = flatAxesOf(axes);
  const index = new Array<number>(shape.length).fill(0);
  const numberOf = (name: string) => (name.startsWith('#') ? shape[flat.indexOf(name.slice(1))] : index[flat.indexOf(name)]);
  return Float64Array.from({ length: sizeOf(shape) }, () => {
    const value = evaluateExpression(expression, numberOf);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
    return value;
  });
}

/** Error bounds of fixed values: the implementation may hold them in its storage or its accumulator, and computes them with a few roundings. */
export function fixedBounds(values: Float64Array, { u, a, w }: NumericProfile): Float64Array {
  return values.map((x) => (u + ROUNDINGS * a) * Math.abs(x) + w);
}
