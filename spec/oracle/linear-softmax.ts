import { decided } from '../numeric/decided.js';
import { readingLoss } from '../numeric/operand-loss.js';
import softmax from '../operators/softmax.json' with { type: 'json' };
import { problemInputs } from '../program/problem-inputs.js';
import { evaluateGradients, evaluateProgram } from '../program/run.js';
import { storedBounds } from '../program/store.js';
import { arrange } from '../program/tensor.js';
import type { Operator } from '../types/documents.js';
import type { Expectation, Expected, Problem } from './problem.js';
import { softmaxBackward } from './softmax-backward.js';
import { addOwnBound, type RowFilter, softmaxForward } from './softmax-forward.js';

/**
 * A linear layer and a softmax layer: softmax attention of values that the operator's program gives with their error, so that its bounds cover a
 * backward pass from the stored o and LSE; what it passes back to these values is stored, and goes on through the program of the linear layer.
 */
export function linearSoftmaxExpectation(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation {
  const { numeric } = problem;
  const inputs = { ...problemInputs(problem), gradients };
  const layer: Operator = { ...problem.operator, outputs: ['x'] };
  const axes = ['b', 'hk', 'n', 'e'];
  const x = arrange(evaluateProgram(layer, inputs).x, axes, inputs.sizes);
  const second: Problem = {
    ...problem,
    operator: softmax as unknown as Operator,
    inputs: { ...problem.inputs, v: { shape: x.shape, data: x.value, bound: sum(x.bound, readingLoss(numeric, x.value)) } },
  };
  if (!gradients) return softmaxForward(second, rows);
  const { outputs, empty } = softmaxBackward(second);
  const { value, bound } = outputs.dv;
  const dx = { axes, shape: x.shape, value, bound: storedBounds(numeric, value, bound, undefined) };
  const first = Object.entries(evaluateGradients(layer, inputs, { x: dx })).map(([name, gradient]) => {
    const own: Expected = {
      shape: problem.inputs[name].shape,
      value: gradient.value.slice(),
      bound: gradient.bound?.slice() ?? new Float64Array(gradient.value.length),
    };
    return [`d${name}`, own] as const;
  });
  const { dq: _, ...through } = Object.fromEntries(first);
  if (numeric.accumulate === 'f64') addOwnBound(Object.values(through));
  const dk = added(outputs.dk, through.dk, numeric.a);
  return { outputs: { ...outputs, ...through, dk }, empty };
}

/** NUMERICS, "add": (e_x + e_y)(1 + a) + a|r|. */
function added(x: Expected, y: Expected, a: number): Expected {
  const value = x.value.map((term, at) => term + y.value[at]);
  const bound = value.map((r, at) => (x.bound[at] + y.bound[at]) * (1 + a) + a * Math.abs(r));
  decided(bound);
  return { shape: x.shape, value, bound };
}

function sum(x: Float64Array | undefined, y: Float64Array | undefined): Float64Array | undefined {
  return x && y ? x.map((term, at) => term + y[at]) : (x ?? y);
}
