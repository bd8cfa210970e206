import type { Call } from '../../../adapters/kernel.js';
import { tensor, valuesOf } from '../../../spec/tensor/tensor.js';

/**
 * Derivative of a loss of the call with respect to one element of one of its tensors, by a central difference in float64.
 * @param index of the element in row-major order.
 */
export function derivative(loss: (call: Call) => number, call: Call, name: string, index: number): number {
  const step = 1e-5;
  const at = (sign: number) => {
    const values = valuesOf(call.tensors[name]).slice();
    values[index] += sign * step;
    return loss({ ...call, tensors: { ...call.tensors, [name]: tensor('f64', call.tensors[name].shape, values) } });
  };
  return (at(1) - at(-1)) / (2 * step);
}
