import { storedBound } from '../../../spec/oracle/output-bound.js';
import { SoftmaxRow } from '../../../spec/oracle/softmax-row.js';
import type { Expectation, Problem } from '../../../spec/problem.js';
import { type DType, floatFormats } from '../../../spec/tensor/dtype.js';
import { type Tensors, valuesOf } from '../../../spec/tensor/tensor.js';
import { unravel } from '../../judging/compared.js';
import type { ProblemHypothesis, Subject } from './hypothesis.js';
import { seeing } from './visibility/seeing.js';
import { firstOfTiles, placesTiles, visibleIn } from './visibility/segments.js';

const starts = [0, -100, -1000, -10000];
const tiles = [16, 32, 64, 128];

/** Subtracts another number than the maximum: right until exponentials overflow or underflow. */
export function* maximumHypotheses({ problem, backward }: Subject): Generator<ProblemHypothesis> {
  if (backward) return;
  const firstKey: FirstKey = ([b, , i]) => firstOfTiles(problem, b, i);
  const subtracting = (text: string, shifts: readonly Shift[], size?: number): ProblemHypothesis => ({
    text: `a kernel where ${text}`,
    ...(size !== undefined && { size }),
    problem,
    untold: !placesTiles(problem),
    explains: (answer, outputs) => {
      const told = shifts.map((shift) => breaksThere(problem, answer, outputs, shift));
      return told.includes(true) || (told.includes(undefined) ? undefined : false);
    },
  });
  yield subtracting('no maximum is subtracted from the scores', [() => 0]);
  yield subtracting('the maximum counts the keys that the mask hides', [maximumOfAll(problem)]);
  for (const start of starts)
    yield subtracting('the running maximum starts at {} instead of −∞', [({ max }) => Math.max(start, max)], start);
  for (const tile of tiles.filter((keys) => keys < problem.case.dims.n)) {
    yield subtracting(
      'only the maximum of the first tile of {} keys is subtracted',
      [maximumOfFirstSeen(tile, firstKey), maximumOfFirst(tile, firstKey)],
      tile,
    );
    yield subtracting(
      'a row that sees none of the first {} keys is NaN: the maximum of that tile is −∞',
      [({ key, count, max }, place) => (count > 0 && key[0] - firstKey(place) >= tile ? -Number.MAX_VALUE : max)],
      tile,
    );
  }
}

type Shift = (row: SoftmaxRow, place: readonly [b: number, h: number, i: number]) => number;
type FirstKey = (place: Parameters<Shift>[1]) => number;

/** Largest score of all keys, hidden ones too; within the document if packed. */
function maximumOfAll(problem: Problem): Shift {
  const { segmentOf } = problem.mask;
  const visible = segmentOf ? visibleIn(segmentOf, () => ({ visible: () => true })) : () => true;
  const all = new SoftmaxRow(seeing(problem, { visible }));
  return (_, place) => {
    all.load(...place);
    return all.max;
  };
}

function maximumOfFirstSeen(tile: number, firstKey: FirstKey): Shift {
  return (row, place) => {
    const first = firstKey(place);
    return row.count === 0 ? row.max : maximumBefore(first + tile * (1 + Math.floor((row.key[0] - first) / tile)), row);
  };
}

function maximumOfFirst(tile: number, firstKey: FirstKey): Shift {
  return (row, place) => maximumBefore(firstKey(place) + tile, row);
}

function maximumBefore(end: number, { key, score, count }: SoftmaxRow): number {
  let largest = -Infinity;
  for (let c = 0; c < count && key[c] < end; c++) largest = Math.max(largest, score[c]);
  return largest;
}

/**
 * Tells whether rows are broken where exponentials must overflow or all underflow, and right where
 * they do neither; a few rows may be either. Undefined if no row must be broken.
 */
function breaksThere(problem: Problem, answer: Expectation, outputs: Tensors, shift: Shift): boolean | undefined {
  const { numeric } = problem;
  const { max: largest, smallestSubnormal } = floatFormats[numeric.accumulate];
  const [low, high] = [Math.log(smallestSubnormal), Math.log(largest)];
  const size = problem.inputs.v.data.reduce((most, x) => Math.max(most, Number.isFinite(x) ? Math.abs(x) : 0), 0);
  const row = new SoftmaxRow(problem);
  const { o } = answer.outputs;
  let [broken, either, all] = [0, 0, 0];
  for (let at = 0; at < answer.empty.length; at++) {
    const [b, h, i] = unravel(at, o.shape.slice(0, 3));
    if (answer.rows?.[at] === 0 || !row.load(b, h, i)) continue;
    all++;
    const by = shift(row, [b, h, i]);
    const rise = row.max - by;
    const within = rise < high - 8 - Math.log(row.count + 1) && rise > low + Math.min(43, -low / 2);
    if (rise > high + 1 || rise < low - 1) {
      if (!isBroken(outputs, at, o.shape[3], rise > 0)) return false;
      // a tile without keys always has a maximum of −∞
      if (by !== -Infinity) broken++;
    } else if (within) {
      const error = 4 * (6 + 3 * Math.abs(rise)) * numeric.a;
      if (!isRight(problem, answer, outputs, at, error, size)) return false;
    } else either++;
  }
  return broken > 0 ? 2 * either <= all : undefined;
}

/** True for NaN, ∞, or zeros after an underflow. After an overflow zeros have another cause. */
function isBroken(outputs: Tensors, at: number, e: number, overflows: boolean): boolean {
  const o = valuesOf(outputs.o).subarray(at * e, (at + 1) * e);
  const lse = outputs.lse && valuesOf(outputs.lse)[at];
  if (o.some((x) => !Number.isFinite(x)) || Number.isNaN(lse) || lse === Infinity) return true;
  return !overflows && (o.every((x) => x === 0) || lse === -Infinity);
}

/** @param error relative error of exponentials far from 1. @param size largest number in V. */
function isRight(problem: Problem, answer: Expectation, outputs: Tensors, at: number, error: number, size: number): boolean {
  const { flushToZero } = problem.numeric;
  return ['o', 'lse'].every((name) => {
    const actual = outputs[name];
    if (!actual) return true;
    const { value, bound, shape } = answer.outputs[name];
    const width = name === 'o' ? shape[3] : 1;
    const values = valuesOf(actual);
    for (let x = at * width; x < (at + 1) * width; x++) {
      const limit = storedBound(
        value[x],
        bound[x] + error * (name === 'o' ? size : 1 + Math.abs(value[x])),
        actual.dtype as DType,
        flushToZero,
      );
      if (limit !== Infinity && !(Math.abs(values[x] - value[x]) <= limit)) return false;
    }
    return true;
  });
}
