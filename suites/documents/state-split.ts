import { problemOf } from '../../generators/problem.js';
import type { Claims } from '../../spec/claims/claims.js';
import { axesOf, flatAxesOf } from '../../spec/operator/facts.js';
import { expectationOf } from '../../spec/oracle/oracle.js';
import type { Expected, Float64Tensor, Problem } from '../../spec/oracle/problem.js';
import { placeAlong, sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, Law, Operator } from '../../spec/types/documents.js';
import { unmasked } from '../judging/law.js';
import type { FailJudgement } from '../properties/property.js';

type SplitLaw = Extract<Law, { readonly split: string }>;

/** The laws of an operator about runs over parts. */
export function splitLaws({ laws = [] }: Operator): SplitLaw[] {
  return laws.filter((law): law is SplitLaw => typeof law === 'object' && 'split' in law);
}

/**
 * Holds a program to a law about runs over parts: one run over all tokens gives what two runs give of which the second begins with the state that
 * the first ends with. Kernels are held to the outputs and the states of each call by `oracle`.
 * @returns the first difference beyond the bounds of all runs, or undefined.
 */
export function splitFailure(claims: Claims, operator: Operator, drawn: Case, { split, state }: SplitLaw): FailJudgement | undefined {
  const size = drawn.dims[split];
  if (size < 2) return undefined;
  const c = unmasked(drawn, operator);
  const problem = problemOf(claims, c);
  const at = Math.ceil(size / 2);
  const run = (first: number, last: number, states: Readonly<Record<string, Float64Tensor>>) =>
    expectationOf(partOf(claims, operator, problem, split, first, last, states), false).outputs;
  const initial = Object.fromEntries(Object.keys(state).flatMap((name) => (problem.inputs[name] ? [[name, problem.inputs[name]]] : [])));
  const whole = run(0, size, initial);
  const before = run(0, at, initial);
  const after = run(at, size, Object.fromEntries(Object.entries(state).map(([input, output]) => [input, asInput(before[output])])));
  for (const output of Object.keys(whole)) {
    const axis = flatAxesOf(operator.outputs[output]).indexOf(split);
    const parts = axis < 0 ? after[output] : joined(before[output], after[output], axis);
    const bad = whole[output].value.findIndex((x, i) => Math.abs(x - parts.value[i]) > whole[output].bound[i] + parts.bound[i]);
    if (bad < 0) continue;
    const message = `${output}, cut along ${split}, is ${parts.value[bad]} in two runs, and ${whole[output].value[bad]} in one`;
    return { status: 'fail', class: 'law', output, message };
  }
  return undefined;
}

function asInput({ shape, value, bound }: Expected): Float64Tensor {
  return { shape, data: value, bound };
}

/** The problem of a part of the tokens: tensors with the axis are cut, the state is given. */
function partOf(
  claims: Claims,
  operator: Operator,
  problem: Problem,
  axis: string,
  first: number,
  last: number,
  states: Readonly<Record<string, Float64Tensor>>,
): Problem {
  const dims = {
    ...problem.case.dims,
    [axis]: last - first,
    ...(axis === 'n' && problem.case.dims.m === problem.case.dims.n && { m: last - first }),
  };
  const options = { ...problem.case.options, ...Object.fromEntries(Object.keys(states).map((name) => [name, true as const])) };
  const c: Case = { ...problem.case, dims, options };
  const inputs = Object.entries(problem.inputs).map(([name, t]) => [
    name,
    cut(t, flatAxesOf(axesOf(operator, name) ?? []).indexOf(axis), first, last),
  ]);
  return { ...problemOf(claims, c), inputs: { ...Object.fromEntries(inputs), ...states } };
}

function cut(t: Float64Tensor, axis: number, first: number, last: number): Float64Tensor {
  if (axis < 0) return t;
  const place = placeAlong(t.shape, axis);
  const shape = t.shape.map((size, i) => (i === axis ? last - first : size));
  return { shape, data: t.data.filter((_, at) => place(at) >= first && place(at) < last) };
}

function joined(x: Expected, y: Expected, axis: number): Expected {
  const shape = x.shape.map((size, i) => (i === axis ? size + y.shape[i] : size));
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const join = (a: Float64Array, b: Float64Array) => {
    const [lengthA, lengthB] = [x.shape[axis] * inner, y.shape[axis] * inner];
    const all = new Float64Array(a.length + b.length);
    for (let i = 0; i < outer; i++) {
      all.set(a.subarray(i * lengthA, (i + 1) * lengthA), i * (lengthA + lengthB));
      all.set(b.subarray(i * lengthB, (i + 1) * lengthB), i * (lengthA + lengthB) + lengthA);
    }
    return all;
  };
  return { shape, value: join(x.value, y.value), bound: join(x.bound, y.bound) };
}
