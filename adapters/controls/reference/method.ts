import type { DType } from '../../../spec/tensor/dtype.js';
import type { Arithmetic } from './arithmetic/arithmetic.js';
import { float64 } from './arithmetic/float64.js';
import type { SoftmaxForward } from './softmax/softmax-forward.js';
import type { Steps } from './steps/steps.js';

/** Method of a reference kernel. */
export interface Method {
  readonly forward: SoftmaxForward;
  readonly steps: Steps;
  /** Accumulator of f32, f16 and bf16. */
  readonly float32: Arithmetic;
  readonly masks: readonly string[];
}

export function arithmeticOf(method: Method, dtype: DType): Arithmetic {
  return dtype === 'f64' ? float64 : method.float32;
}
