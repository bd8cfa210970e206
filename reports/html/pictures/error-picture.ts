import type { Tensors } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { errorLevel } from '../picture-levels.js';
import type { Picture } from '../site-data.js';
import { drawGrid } from './grid.js';
import { type Plane, planeOf } from './plane.js';

export interface ComparedOutputs {
  readonly expected: Tensors;
  readonly actual: Tensors;
  readonly bound: Tensors;
}

/** Draws error ÷ bound of a head, for the worst call; undefined for unexpected shapes. */
export function errorPicture(
  c: Case,
  { expected, actual, bound }: ComparedOutputs,
  output: string,
  b: number,
  h: number,
): Picture | undefined {
  let worst: { name: string; ratios: Plane; largest: number } | undefined;
  for (const name of Object.keys(actual).filter((key) => key === output || key.endsWith(`.${output}`))) {
    const planes = [
      expected[name] && planeOf(expected[name], b, h),
      planeOf(actual[name], b, h, c.layout === 'blhd'),
      bound[name] && planeOf(bound[name], b, h),
    ] as const;
    const ratios = ratiosOf(...planes);
    const largest = ratios?.values.reduce((found, ratio) => (ratio > found || Number.isNaN(ratio) ? ratio : found), 0);
    if (ratios && largest !== undefined && !(worst && worst.largest >= largest)) worst = { name, ratios, largest };
  }
  if (!worst) return undefined;
  const { rows, columns, values } = worst.ratios;
  const largestIn = (top: number, bottom: number, left: number, right: number) => {
    let found = 0;
    for (let i = top; i < bottom; i++) {
      for (let j = left; j < right; j++) if (!(values[i * columns + j] <= found)) found = values[i * columns + j];
    }
    return errorLevel(found);
  };
  return {
    kind: 'error',
    title: `Error ÷ bound of ${worst.name}, batch entry ${b}, head ${h}`,
    down: 'row',
    across: 'column',
    ...drawGrid(rows, columns, largestIn),
  };
}

function ratiosOf(expected: Plane | undefined, actual: Plane | undefined, bound: Plane | undefined): Plane | undefined {
  if (!expected || !actual || !bound || expected.rows !== actual.rows || expected.columns !== actual.columns) return undefined;
  return { ...expected, values: expected.values.map((value, i) => ratioOf(value, actual.values[i], bound.values[i])) };
}

function ratioOf(expected: number, actual: number, bound: number): number {
  if (Object.is(expected, actual) || expected === actual) return 0;
  const error = Math.abs(actual - expected);
  // elements without a finite bound are not judged
  if (Number.isNaN(bound) || bound === Number.POSITIVE_INFINITY) return 0;
  return error === 0 ? 0 : error / bound;
}
