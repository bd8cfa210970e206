import { problemOf } from '../../generators/problem.js';
import { flatAxesOf, inputsOf, queryAxisOf } from '../../spec/operator/facts.js';
import type { Problem } from '../../spec/problem.js';
import { interpret } from '../../spec/program/interpret.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import { placeAlong, sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, Mask, Operator } from '../../spec/types/documents.js';
import { claimsOfDocument } from './drawn-problems.js';
import { smallCase } from './small-case.js';
import { weightsOf } from './weights.js';

/** Input shown in a picture: v, or the largest with keys and a gradient; undefined without one. */
function valueInputOf({ operator, inputs }: Problem): string | undefined {
  const known = Object.entries(inputsOf(operator)).filter(([name, { gradient }]) => gradient && inputs[name]);
  const withKeys = known.filter(([, { axes }]) => axes.includes('n'));
  const sizes = (withKeys.length > 0 ? withKeys : known).map(([name]) => ({ name, size: sizeOf(inputs[name].shape) }));
  const largest = sizes.reduce<(typeof sizes)[number] | undefined>(
    (best, next) => (best && best.size >= next.size ? best : next),
    undefined,
  );
  return sizes.some(({ name }) => name === 'v') ? 'v' : largest?.name;
}

/** |∂o_i/∂x_j| over all channels, [m, n], by a gradient per element of o. @param input x. */
function influenceOf(problem: Problem, input: string): Float64Array {
  const { operator } = problem;
  const { shape } = interpret(problem, false).outputs.o;
  const rowOf = placeOf(flatAxesOf(operator.outputs.o), shape, queryAxisOf(operator));
  const columnOf = placeOf(flatAxesOf(inputsOf(operator)[input].axes), problem.inputs[input].shape, 'n');
  const { m, n } = problem.case.dims;
  const squares = new Float64Array(m * n);
  for (let at = 0; at < sizeOf(shape); at++) {
    const data = new Float64Array(sizeOf(shape));
    data[at] = 1;
    const gradients = interpret({ ...problem, inputs: { ...problem.inputs, do: { shape, data } } }, true).outputs;
    const { value } = gradients[`d${input}`];
    for (let x = 0; x < value.length; x++) squares[rowOf(at) * n + columnOf(x)] += value[x] ** 2;
  }
  return squares.map(Math.sqrt);
}

function placeOf(axes: readonly string[], shape: readonly number[], axis: string): (at: number) => number {
  const place = axes.indexOf(axis);
  return place < 0 ? () => 0 : placeAlong(shape, place);
}

/** Weight or influence of each key on each query of a small case. */
export interface OperatorPicture {
  readonly case: Case;
  /** Text like "weights p of v". */
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  /** Magnitudes within [0, 1], row by row. */
  readonly cells: Float64Array;
  /** Magnitude drawn as 1. */
  readonly largest: number;
}

export interface PictureWishes {
  readonly mask: Mask;
  /** Number of queries and of keys. */
  readonly tokens: number;
  /** Shows the influence even if the program has weights. */
  readonly influence?: boolean;
}

/** Weights of the values, else influences; undefined if no gradient reaches an input. */
export function operatorPicture(library: SpecLibrary, operator: Operator, wishes: PictureWishes): OperatorPicture | undefined {
  const c = smallCase(operator, wishes.mask, wishes.tokens);
  const problem = problemOf(claimsOfDocument(library, operator), c);
  const input = valueInputOf(problem);
  if (input === undefined) return undefined;
  const found = wishes.influence ? undefined : weightsOf(problem, input);
  const title = found ? ['weights', found.weights, 'of', found.values ?? 'the values'].filter(Boolean).join(' ') : `|∂o_i/∂${input}_j|`;
  return { case: c, title, rows: c.dims.m, columns: c.dims.n, ...scaled(found?.cells ?? influenceOf(problem, input)) };
}

/** Scales magnitudes to the largest; NaN, e.g. of 0/0, becomes 0. */
function scaled(values: Float64Array): Pick<OperatorPicture, 'cells' | 'largest'> {
  const magnitudes = values.map((x) => (Number.isFinite(x) ? Math.abs(x) : 0));
  const largest = Math.max(...magnitudes);
  return { cells: magnitudes.map((x) => (largest > 0 ? x / largest : 0)), largest };
}
