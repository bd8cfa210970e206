import { problemOf } from '../../generators/problem.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Mask, Operator } from '../../spec/types/documents.js';
import { claimsOfDocument } from './drawn-problems.js';
import { influenceOf, valueInputOf } from './influence.js';
import { smallCase } from './small-case.js';
import { weightsOf } from './weights.js';

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
