import type { DType } from '../../../spec/tensor/dtype.js';
import { type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../../spec/types/documents.js';
import { unravel } from '../../judging/compared.js';
import type { Candidate } from './candidate.js';
import { contains, disjoint, type Range, rangeAt } from './range.js';

const FAR = 64;
const LEAST_NEAR = 8;

/** Rows read: without keys, or with some keys under every value. */
export type Rows = 'empty' | 'seen';

/** Values of an axis that one output of one call fits. */
export interface Reading {
  readonly output: string;
  /** Values that every telling element fits, else the nearest ones by far. */
  readonly fits: readonly string[];
  /** True if `fits` was chosen by nearness: the kernel is less accurate than declared. */
  readonly near: boolean;
  readonly index: readonly number[];
  readonly actual: number;
  readonly would: readonly (readonly [value: string, x: number])[];
  readonly because?: string;
}

interface Telling {
  readonly at: number;
  readonly ranges: readonly Range[];
}

function storageOf(c: Case, output: string): DType {
  return output === 'lse' ? (c.dtype === 'f64' ? 'f64' : 'f32') : c.dtype;
}

function tellingElements(candidates: readonly Candidate[], output: string, dtype: DType, rows: Rows): Telling[] {
  const { shape, value } = candidates[0].expectation.outputs[output];
  const rowLength = output === 'lse' ? 1 : shape[shape.length - 1];
  const found: Telling[] = [];
  for (let at = 0; at < value.length; at++) {
    const row = Math.floor(at / rowLength);
    const empty = candidates.filter(({ expectation }) => expectation.empty[row] === 1).length;
    if (empty !== (rows === 'empty' ? candidates.length : 0)) continue;
    const ranges = candidates.map(({ problem, expectation }) => rangeAt(problem, expectation, output, at, dtype));
    if (ranges.every((range) => range !== undefined) && ranges.some((a) => ranges.some((b) => disjoint(a, b)))) found.push({ at, ranges });
  }
  return found;
}

/** Number of pairs of candidates that some output tells apart. */
export function separatedPairs(candidates: readonly Candidate[], outputs: readonly string[], rows: Rows, c: Case): number {
  const telling = outputs.flatMap((output) => tellingElements(candidates, output, storageOf(c, output), rows));
  let pairs = 0;
  for (let a = 0; a < candidates.length; a++)
    for (let b = a + 1; b < candidates.length; b++) if (telling.some(({ ranges }) => disjoint(ranges[a], ranges[b]))) pairs++;
  return pairs;
}

/** Compares an output with every candidate. Returns undefined if no element tells them apart. */
export function readOutput(candidates: readonly Candidate[], output: string, answer: Tensors, rows: Rows): Reading | undefined {
  const tensor = answer[output];
  const actual = valuesOf(tensor);
  const telling = tellingElements(candidates, output, tensor.dtype as DType, rows);
  if (telling.length === 0) return undefined;
  const against = ({ at, ranges }: Telling) => ranges.filter((range) => !contains(range, actual[at])).length;
  const speaking = telling.reduce((best, next) => (against(next) > against(best) ? next : best));
  const because =
    rows === 'empty' && !hasPlainNumber(candidates[0], actual) ? 'no row with keys has a finite number other than 0' : undefined;
  const fitting = candidates.filter((_, x) => telling.every(({ at, ranges }) => contains(ranges[x], actual[at])));
  const near = fitting.length === 0 && rows === 'seen' && telling.length >= LEAST_NEAR;
  const values = near ? nearestByFar(candidates, telling, actual, output) : fitting;
  return {
    output,
    fits: because ? [] : values.map(({ value }) => value),
    near,
    index: unravel(speaking.at, tensor.shape),
    actual: actual[speaking.at],
    would: candidates.map(({ value, expectation }) => [value, expectation.outputs[output].value[speaking.at]]),
    ...(because && { because }),
  };
}

/** Candidates FAR times nearer, over all telling elements, than every distinguishable candidate. */
function nearestByFar(candidates: readonly Candidate[], telling: readonly Telling[], actual: Float64Array, output: string): Candidate[] {
  const distances = candidates.map(({ expectation }) => {
    const { value } = expectation.outputs[output];
    return Math.hypot(...telling.map(({ at }) => actual[at] - value[at]));
  });
  const told = (x: number, y: number) => telling.some(({ ranges }) => disjoint(ranges[x], ranges[y]));
  return candidates.filter(
    (_, x) => Number.isFinite(distances[x]) && candidates.every((_, y) => FAR * distances[x] <= distances[y] || !told(x, y)),
  );
}

/** Kernels that answer NaN or 0 everywhere are no evidence about empty rows. */
function hasPlainNumber({ expectation }: Candidate, actual: ArrayLike<number>): boolean {
  const rowLength = actual.length / expectation.empty.length;
  return Array.from(actual).some((x, at) => expectation.empty[Math.floor(at / rowLength)] === 0 && Number.isFinite(x) && x !== 0);
}
