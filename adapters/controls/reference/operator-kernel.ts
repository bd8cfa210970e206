import type { Call, Gradients, Outputs } from '../../kernel.js';

export interface OperatorKernel {
  forward(call: Call): Outputs;
  backward(call: Call): Gradients;
}
