import softmax from '../operators/softmax.json' with { type: 'json' };
import { headAxes, problemInputs } from '../program/problem-inputs.js';
import { evaluateProgram } from '../program/run.js';
import { offsets, shapeOf } from '../program/tensor.js';
import type { Operator } from '../types/documents.js';
import type { Expectation, Problem } from './problem.js';
import { softmaxBackward } from './softmax-backward.js';
import { type RowFilter, softmaxForward } from './softmax-forward.js';

/** Operators that are softmax attention with what their program calls `bias` added to the scores. */
export const biasedOperators: ReadonlySet<string> = new Set(['dilated', 'apb']);

/** The bias is that of the program, with its error; the rest is softmax attention: so bounds cover a backward pass from the stored o and LSE. */
export function biasedExpectation(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation {
  const inputs = problemInputs(problem);
  const { bias } = evaluateProgram({ ...problem.operator, outputs: ['bias'] }, { ...inputs, gradients });
  const axes = [...(bias.axes.includes('b') ? ['b'] : []), ...headAxes(problem), 'm', 'n'];
  const at = offsets(bias.axes, axes, inputs.sizes);
  const spread = (data: Float64Array) => Float64Array.from(at, (from) => data[from]);
  const [b, hk, g, m, n] = shapeOf(['b', ...headAxes(problem), 'm', 'n'], inputs.sizes);
  const values = {
    shape: [axes[0] === 'b' ? b : 1, hk * g, m, n],
    data: spread(bias.value),
    ...(bias.bound && { bound: spread(bias.bound) }),
  };
  const same: Problem = {
    ...problem,
    operator: softmax as unknown as Operator,
    inputs: { ...problem.inputs, bias: values },
  };
  if (!gradients) return softmaxForward(same, rows);
  const { outputs, empty } = softmaxBackward(same);
  const { dbias: _, ...rest } = outputs;
  return { outputs: rest, empty };
}
