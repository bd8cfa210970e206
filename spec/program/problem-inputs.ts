import { dialectAxes } from '../dialect.js';
import { DocumentError } from '../lib/documents.js';
import { queryOffset } from '../mask/query-offset.js';
import { readingLoss } from '../numeric/operand-loss.js';
import { declaredAxes, queryAxisOf } from '../operator/facts.js';
import type { Problem } from '../problem.js';
import type { Binding } from './build.js';
import type { ProgramInputs, ProgramTensor } from './run.js';
import { elements, type Sizes, sameAxes } from './tensor.js';

/** Axes of query heads, slow one first: key head·g + member, or member·hk + key head if `tiled`. */
export function headAxes({ dialect }: Problem): ['hk', 'g'] | ['g', 'hk'] {
  return dialect.heads === 'tiled' ? ['g', 'hk'] : ['hk', 'g'];
}

/** Axis of the queries: m, or n if queries and keys share an axis. */
export function queryAxis({ operator }: Problem): 'm' | 'n' {
  return queryAxisOf(operator);
}

/** Binding of a problem's program, without the mask. */
export function problemBinding(problem: Problem): Omit<Binding, 'mask'> {
  const { operator, inputs } = problem;
  const { dims } = problem.case;
  const declared = Object.entries(declaredAxes(operator)).filter(([name]) => inputs[name]);
  const tensors = declared.map(([name, axes]) => [name, axesIn(problem, name, axes)] as const);
  return { sizes: dims, tensors: Object.fromEntries(tensors), options: optionsOf(problem) };
}

/** Inputs of a problem's program, without the mask. */
export function problemInputs(problem: Problem): Omit<ProgramInputs, 'mask' | 'gradients'> {
  const { sizes, tensors, options } = problemBinding(problem);
  const own = Object.entries(tensors).map(([name, axes]) => [name, tensorOf(problem, name, axes)] as const);
  return {
    sizes,
    tensors: Object.fromEntries(own),
    options,
    offset: queryOffset(problem.dialect.causal, problem.mask.m, problem.mask.n, problem.case.block),
    profile: problem.numeric,
  };
}

/** Option values of a call under the dialect, with its emptyOutput and emptyLse. */
function optionsOf({ operator, dialect, inputs, case: { options } }: Problem): Record<string, number | string> {
  const numbers: Record<string, number | string> = {};
  for (const name of Object.keys(operator.options ?? {})) {
    const value = options[name];
    if (typeof value === 'number') numbers[name] = value;
    else if (name === 'scale' && dialect.defaultScale === '1') numbers.scale = 1;
    else if (name === 'eps' && dialect.defaultEps !== dialectAxes.defaultEps[0]) numbers.eps = Number(dialect.defaultEps);
  }
  numbers.emptyOutput = dialect.emptyOutput;
  // a row with a sink is never empty; its LSE without the sink sums over no key
  numbers.emptyLse = inputs.sink && dialect.lseSink === 'excluded' ? '-inf' : dialect.emptyLse;
  return numbers;
}

/** Axes of an input, without broadcast ones. @throws {DocumentError} if its shape does not fit. */
function axesIn(problem: Problem, name: string, declared: readonly string[]): string[] {
  const { shape } = problem.inputs[name];
  const sizes: Sizes = problem.case.dims;
  const groups = headGroups(problem, declared);
  if (groups.length !== shape.length)
    throw new DocumentError('case', `$.tensors.${name}`, `found rank ${shape.length}, must be ${groups.length}`);
  return groups.flatMap((group, k) => {
    const size = elements(group, sizes);
    if (shape[k] === size) return group;
    if (shape[k] === 1) return [];
    throw new DocumentError('case', `$.tensors.${name}`, `found size ${shape[k]} along ${group.join('·')}, must be ${size}`);
  });
}

function tensorOf({ inputs, numeric }: Problem, name: string, axes: readonly string[]): ProgramTensor {
  const { data, bound = readingLoss(numeric, { data }) } = inputs[name];
  return { axes, value: data, ...(bound && { bound }) };
}

/** Groups of axes that form one tensor axis: adjacent hk and g, else one each. */
export function headGroups(problem: Problem, axes: readonly string[]): string[][] {
  const at = axes.indexOf('hk');
  if (!sameAxes(axes.slice(at, at + 2), ['hk', 'g'])) return axes.map((axis) => [axis]);
  return [...axes.slice(0, at).map((axis) => [axis]), headAxes(problem), ...axes.slice(at + 2).map((axis) => [axis])];
}
