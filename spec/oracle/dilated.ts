import softmax from '../operators/softmax.json' with { type: 'json' };
import { headAxes, problemInputs } from '../program/problem-inputs.js';
import { evaluateProgram } from '../program/run.js';
import { arrange, elements } from '../program/tensor.js';
import type { Operator } from '../types/documents.js';
import type { Expectation, Problem } from './problem.js';
import { softmaxBackward } from './softmax-backward.js';
import { type RowFilter, softmaxForward } from './softmax-forward.js';

/**
 * Dilated attention as softmax attention with the logarithm of the branches for a bias, which the operator's program gives with its error: so its
 * bounds cover a backward pass from the stored o and LSE, as those of softmax do.
 */
export function dilatedExpectation(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation {
  const inputs = problemInputs(problem);
  const program: Operator = {
    ...problem.operator,
    program: [...problem.operator.program, ['logBranches', ['log', 'branches']]],
    outputs: ['logBranches'],
  };
  const axes = [...headAxes(problem), 'm', 'n'];
  const { logBranches } = evaluateProgram(program, { ...inputs, gradients });
  const { value, bound } = arrange(logBranches, axes, inputs.sizes);
  const { m, n } = problem.case.dims;
  const bias = { shape: [1, elements(headAxes(problem), inputs.sizes), m, n], data: value, ...(bound && { bound }) };
  const same: Problem = { ...problem, operator: softmax as unknown as Operator, inputs: { ...problem.inputs, bias } };
  if (!gradients) return softmaxForward(same, rows);
  const { outputs, empty } = softmaxBackward(same);
  const { dbias: _, ...rest } = outputs;
  return { outputs: rest, empty };
}
