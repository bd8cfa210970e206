import { tensorOf } from '../../../spec/tensor/tensor.js';
import type { Comparand } from '../../../suites/judging/compared.js';

/** An output of float32 numbers, beside those that are expected and their bounds. */
export function comparand(actual: number[], value: number[], bound: number[], more: Partial<Comparand> = {}): Comparand {
  const shape = [value.length];
  return {
    output: 'o',
    class: 'value',
    actual: tensorOf('f32', shape, actual),
    expected: { shape, value: Float64Array.from(value), bound: Float64Array.from(bound) },
    flushToZero: false,
    ...more,
  };
}
