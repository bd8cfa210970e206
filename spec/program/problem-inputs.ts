import { dialectAxes } from '../dialect.js';
import { DocumentError } from '../documents.js';
import { readingLoss } from '../numeric/operand-loss.js';
import { declaredAxes, queryAxisOf } from '../operator/facts.js';
import type { Problem } from '../oracle/problem.js';
import type { Binding } from './build.js';
import type { ProgramInputs, ProgramTensor } from './run.js';
import { elements, type Sizes, sameAxes } from './tensor.js';

/** The two axes that a problem's query heads are made of, the slower first: h = key head · g + member, or by the dialect `tiled` the other way round. */
export function headAxes({ dialect }: Problem): ['hk', 'g'] | ['g', 'hk'] {
  return dialect.heads === 'tiled' ? ['g', 'hk'] : ['hk', 'g'];
}

/** The axis of the queries: that of the keys in operators where both share one. */
export function queryAxis({ operator }: Problem): 'm' | 'n' {
  return queryAxisOf(operator);
}

/** Sizes, axes of tensors and options for which a problem's program is built, without the mask. */
export function problemBinding(problem: Problem): Omit<Binding, 'mask'> {
  const { operator, inputs } = problem;
  const { dims } = problem.case;
  const declared = Object.entries(declaredAxes(operator)).filter(([name]) => inputs[name]);
  const tensors = declared.map(([name, axes]) => [name, axesIn(problem, name, axes)] as const);
  return { sizes: dims, tensors: Object.fromEntries(tensors), options: optionsOf(problem) };
}

/** A problem as the inputs of its operator's program, without the mask. */
export function problemInputs(problem: Problem): Omit<ProgramInputs, 'mask' | 'gradients'> {
  const { sizes, tensors, options } = problemBinding(problem);
  const own = Object.entries(tensors).map(([name, axes]) => [name, tensorOf(problem, name, axes, sizes)] as const);
  return { sizes, tensors: Object.fromEntries(own), options, offset: offsetOf(problem), profile: problem.numeric };
}

/** Values of the options as a call of these conventions has them, and what the dialect says of empty rows. */
function optionsOf({ operator, dialect, inputs, case: { options } }: Problem): Record<string, number | string> {
  const numbers: Record<string, number | string> = {};
  for (const name of Object.keys(operator.options ?? {})) {
    const value = options[name];
    if (typeof value === 'number') numbers[name] = value;
    else if (name === 'scale' && dialect.defaultScale === '1') numbers.scale = 1;
    else if (name === 'eps' && dialect.defaultEps !== dialectAxes.defaultEps[0]) numbers.eps = Number(dialect.defaultEps);
  }
  numbers.emptyOutput = dialect.emptyOutput;
  // a row with a sink is never empty: without the sink in it, its LSE is that of nothing
  numbers.emptyLse = inputs.sink && dialect.lseSink === 'excluded' ? '-inf' : dialect.emptyLse;
  return numbers;
}

/** Rows and keys of a block keep the positions that they have in the whole. */
function offsetOf({ case: c, mask, dialect }: Problem): number {
  const [m, n] = c.block?.whole ?? [mask.m, mask.n];
  return (dialect.causal === 'top-left' ? 0 : n - m) + (c.block ? c.block.queries[0] - c.block.keys[0] : 0);
}

/** Axes of an input as it comes: heads come flattened, and an axis of size 1 may stand for any size. */
function axesIn(problem: Problem, name: string, declared: readonly string[]): string[] {
  const { shape } = problem.inputs[name];
  const sizes: Sizes = problem.case.dims;
  const groups = flatAxes(problem, declared);
  if (groups.length !== shape.length)
    throw new DocumentError('case', `$.tensors.${name}`, `found rank ${shape.length}, must be ${groups.length}`);
  return groups.flatMap((group, k) => {
    const size = elements(group, sizes);
    if (shape[k] === size) return group;
    if (shape[k] === 1) return [];
    throw new DocumentError('case', `$.tensors.${name}`, `found size ${shape[k]} along ${group.join('·')}, must be ${size}`);
  });
}

function tensorOf({ inputs, numeric }: Problem, name: string, axes: readonly string[], sizes: Sizes): ProgramTensor {
  const { data } = inputs[name];
  const bound = readingLoss(numeric, data);
  return { axes, shape: axes.map((axis) => sizes[axis]), value: data, ...(bound && { bound }) };
}

/** Declared axes with hk and g made one, as problems have them. */
function flatAxes(problem: Problem, axes: readonly string[]): string[][] {
  const at = axes.indexOf('hk');
  if (!sameAxes(axes.slice(at, at + 2), ['hk', 'g'])) return axes.map((axis) => [axis]);
  return [...axes.slice(0, at).map((axis) => [axis]), headAxes(problem), ...axes.slice(at + 2).map((axis) => [axis])];
}
