import { decided } from '../numeric/decided.js';
import { inputsOf } from '../operator/facts.js';
import { plainOperator } from '../operators/plain.js';
import { type Expectation, type Expected, type Problem, usualScale, zeros } from '../problem.js';
import { headAxes, problemBinding } from '../program/problem-inputs.js';
import { maskAxes } from '../program/tensor.js';
import { type ComputedParts, computedParts, gradientsThrough } from './computed-parts.js';
import { chosenSlices, wholeOf } from './slices.js';
import { softmaxBackward } from './softmax-backward.js';
import { isPlain, type SoftmaxForm, softmaxForm } from './softmax-form.js';
import { type RowFilter, softmaxForward } from './softmax-forward.js';

/** Oracle for a program with softmax attention, row by row; undefined for any other program. */
export function streamedExpectation(problem: Problem, gradients: boolean, rows?: RowFilter): Expectation | undefined {
  if (problem.operator === plainOperator) {
    const slices = chosenSlices(problem, gradients, rows);
    if (slices) return wholeOf(problem, gradients, slices);
    return gradients ? softmaxBackward(problem) : softmaxForward(problem, rows);
  }
  const form = formOf(problem);
  if (!form) return undefined;
  const parts = computedParts(problem, form, gradients);
  const inner = softmaxProblem(problem, form, parts);
  if (gradients) return backward(problem, form, parts, softmaxBackward(inner));
  const { outputs, ...rest } = softmaxForward(inner, rows);
  const named = Object.keys(problem.operator.outputs).map((name) => [name, outputs[name]]);
  return { outputs: Object.fromEntries(named), ...rest };
}

function formOf(problem: Problem): SoftmaxForm | undefined {
  const form = softmaxForm(problem.operator, { ...problemBinding(problem), mask: maskAxes }, headAxes(problem));
  return problem.numeric.scoresStored && !form?.scoresStored ? undefined : form;
}

function softmaxProblem(problem: Problem, form: SoftmaxForm, { bias, values }: ComputedParts): Problem {
  const { inputs, numeric } = problem;
  const { scale, softcap, alibi, sink, emptyOutput, emptyLse } = form;
  const { q, k, v, do: dOut, dlse } = inputs;
  const added = bias?.values ?? (form.bias && inputs.bias);
  return {
    ...problem,
    case: { ...problem.case, options: { scale, ...(softcap !== undefined && { softcap }) } },
    inputs: {
      q,
      k,
      v: values?.values ?? v,
      ...(added && { bias: added }),
      ...(alibi !== undefined && { alibi: inputs[alibi] }),
      ...(sink !== undefined && { sink: inputs[sink] }),
      ...(dOut && { do: dOut }),
      ...(dlse && { dlse }),
    },
    // the program determines where a computed bias is added
    dialect: { ...problem.dialect, emptyOutput, emptyLse, ...(bias && { bias: 'after-softcap' as const }) },
    // probabilities that no statement names are never stored
    numeric: form.probabilitiesStored ? numeric : { ...numeric, probabilitiesStored: false, scoreGradientsStored: false },
  };
}

/** A program of plain softmax attention as a problem of `softmax`; else undefined. */
export function plainAttention(problem: Problem): Problem | undefined {
  if (problem.operator === plainOperator) return problem;
  const form = formOf(problem);
  if (!form || !isPlain(form)) return undefined;
  if ((form.alibi ?? 'alibi') !== 'alibi' || (form.sink ?? 'sink') !== 'sink') return undefined;
  const { options } = problem.case;
  const { scale: _, ...others } = options;
  const { inputs, dialect, numeric } = softmaxProblem(problem, form, {});
  // a default scale stays one: it explains kernels with another default
  const isGiven = options.scale === form.scale || form.scale !== usualScale(problem);
  return {
    ...problem,
    operator: plainOperator,
    case: {
      ...problem.case,
      options: { ...others, ...(isGiven && { scale: form.scale }), ...(form.softcap !== undefined && { softcap: form.softcap }) },
    },
    inputs,
    dialect,
    numeric,
  };
}

function backward(problem: Problem, form: SoftmaxForm, parts: ComputedParts, softmax: Expectation): Expectation | undefined {
  const { dq, dk, dv, dsink, dalibi, dbias } = softmax.outputs;
  const through = gradientsThrough(problem, form, parts, { bias: dbias, values: dv });
  if (!through) return undefined;
  const outputs: Record<string, Expected> = {
    dq,
    dk,
    ...(!parts.values && { dv }),
    ...(dsink && { [`d${form.sink}`]: dsink }),
    ...(dalibi && { [`d${form.alibi}`]: dalibi }),
    ...(dbias && !parts.bias && { dbias }),
  };
  for (const [name, gradient] of through) {
    const direct = outputs[`d${name}`];
    outputs[`d${name}`] = direct ? added(direct, gradient, problem.numeric.a) : gradient;
  }
  const facts = inputsOf(problem.operator);
  for (const name of form.built.inputs.keys()) if (facts[name].gradient) outputs[`d${name}`] ??= zeros(problem.inputs[name].shape);
  return { outputs, empty: softmax.empty };
}

/** NUMERICS, "add": (e_x + e_y)(1 + a) + a|r|. */
function added(x: Expected, y: Expected, a: number): Expected {
  const value = x.value.map((term, at) => term + y.value[at]);
  const bound = value.map((r, at) => (x.bound[at] + y.bound[at]) * (1 + a) + a * Math.abs(r));
  return { shape: x.shape, value, bound: decided(bound) };
}
