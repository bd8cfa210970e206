import type { Call, Gradients, Outputs } from '../../kernel.js';

/** Both passes of one operator. */
export interface OperatorKernel {
  forward(call: Call): Outputs;
  backward(call: Call): Gradients;
}
