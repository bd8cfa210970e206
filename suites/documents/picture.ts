import { problemOf } from '../../generators/problem.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { Case, Mask, Operator } from '../../spec/types/documents.js';
import { claimsOfDocument } from './drawn-problems.js';
import { influenceOf, valueInputOf } from './influence.js';
import { smallCase } from './small-case.js';
import { weightsOf } from './weights.js';

/** How much each key counts for each query of a small case. */
export interface OperatorPicture {
  readonly case: Case;
  /** Meaning of the cells, such as "weights p of v". */
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  /** Magnitudes over the largest, within [0, 1], row by row. */
  readonly cells: Float64Array;
  /** The magnitude that is drawn as 1. */
  readonly largest: number;
}

export interface PictureWishes {
  readonly mask: Mask;
  /** Queries and keys. */
  readonly tokens: number;
  /** The influence of the values, where the program has weights too. */
  readonly influence?: boolean;
}

/**
 * The weights of the values, where the program has them; else the influence of each value on each output, which every operator has from its
 * gradients.
 * @returns undefined if no gradient reaches an input of the operator.
 */
export function operatorPicture(library: SpecLibrary, operator: Operator, wishes: PictureWishes): OperatorPicture | undefined {
  const c = smallCase(operator, wishes.mask, wishes.tokens);
  const problem = problemOf(claimsOfDocument(library, operator), c);
  const input = valueInputOf(problem);
  if (input === undefined) return undefined;
  const found = wishes.influence ? undefined : weightsOf(problem, input);
  const title = found ? ['weights', found.weights, 'of', found.values ?? 'the values'].filter(Boolean).join(' ') : `|∂o_i/∂${input}_j|`;
  return { case: c, title, rows: c.dims.m, columns: c.dims.n, ...scaled(found?.cells ?? influenceOf(problem, input)) };
}

/** Scales magnitudes to the largest. A cell that is no number, such as a weight of 0/0, is drawn as nothing. */
function scaled(values: Float64Array): Pick<OperatorPicture, 'cells' | 'largest'> {
  const magnitudes = values.map((x) => (Number.isFinite(x) ? Math.abs(x) : 0));
  const largest = Math.max(...magnitudes);
  return { cells: magnitudes.map((x) => (largest > 0 ? x / largest : 0)), largest };
}
