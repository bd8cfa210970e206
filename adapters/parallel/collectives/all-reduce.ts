import { isShapeOnly, sizeOf, type Tensor, tensorOf, valuesOf } from '../../../spec/tensor/tensor.js';
import type { RankContext } from '../program.js';

/** into += terms, in float64. */
export function addInto(into: Float64Array, terms: ArrayLike<number>): void {
  for (let i = 0; i < into.length; i++) into[i] += terms[i];
}

/** Returns the gradient of the sink summed over all ranks, [hq], if it is wanted. */
export async function sumOfSinks(
  { comm, accumulator, dsink, whole }: RankContext,
  own: Float64Array | undefined,
): Promise<Float64Array | undefined> {
  if (!dsink) return undefined;
  const heads = whole.case.dims.hk * whole.case.dims.g;
  const [sum] = await comm.allReduce([tensorOf(accumulator, [heads], own ?? new Float64Array(heads))]);
  return valuesOf(sum);
}

/** Returns float64 zeros of the tensor's size; an empty array for shape-only tensors. */
export function zerosLike(t: Tensor): Float64Array {
  if (isShapeOnly(t)) return new Float64Array(0);
  return new Float64Array(sizeOf(t.shape));
}
