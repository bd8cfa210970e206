import { boundsOff, judgedBound, leastLost, mayBeOfOrder } from '../../spec/oracle/output-bound.js';
import { type DType, floatFormats } from '../../spec/tensor/dtype.js';
import { valuesOf } from '../../spec/tensor/tensor.js';
import { compareCodes } from './codes.js';
import { type Comparand, type Comparison, type Mismatch, unravel } from './compared.js';
import type { CallErrors } from './error-sums.js';
import { noStatistics } from './statistics.js';
import { biasedExponent, ulpTable } from './ulp.js';

/** Failure classes by priority; common ones first, so that searches for a fault end alike. */
const precedence = ['value', 'lse-merge', 'gradient', 'lse', 'nan', 'empty-row'];

/** Largest bound, relative to typical elements, that shows a lost or doubled key. */
const TELLING = 1 / 4;

function rank(name: string): number {
  const at = precedence.indexOf(name);
  return at < 0 ? precedence.length : at;
}

/** Mismatch to report: by class, then by error ÷ bound; the first argument on a tie. */
export function worse(a: Mismatch | undefined, b: Mismatch | undefined): Mismatch | undefined {
  if (!a || !b) return a ?? b;
  const order = rank(b.class) - rank(a.class) || a.ratio - b.ratio;
  return order < 0 ? b : a;
}

/**
 * Compares elements with the bound e(1 + u) + u|r| + w (NUMERICS, "output"). Infinite bounds leave
 * elements undecided; NaN passes only where NaN is expected; infinities must match in sign. Errors
 * slightly beyond the bound are held to that of the operator's second form, where it is larger.
 * @throws {Error} if the oracle's bound is not a number.
 */
export function compareOutput(c: Comparand): Comparison {
  const found = c.format ? compareCodes(c, c.format) : compareNumbers(c);
  const { because } = c.expected;
  return because ? { ...found, because } : found;
}

function compareNumbers(c: Comparand): Comparison {
  const { second: _, ...expected } = c.expected;
  const { largest, farthest, ...first } = comparedBy({ ...c, expected });
  if (!c.expected.second || !first.worst || !mayBeOfOrder(c.expected, largest, farthest)) return first;
  const { largest: _largest, farthest: _farthest, ...second } = comparedBy(c);
  return second;
}

/** Compares by one form's bounds; also gives the largest error, absolute and in bounds. */
function comparedBy(c: Comparand): Comparison & { readonly largest: number; readonly farthest: number } {
  const actual = valuesOf(c.actual);
  const { value, bound, shape } = c.expected;
  const dtype = c.actual.dtype as DType;
  const ulps = ulpTable(dtype);
  const statistics = noStatistics();
  const { histogram } = statistics;
  const { max, roundoff, smallestNormal } = floatFormats[dtype];
  const kept = 1 + roundoff;
  const lost = leastLost(dtype, c.flushToZero);
  const rows = c.empty?.rows;
  const { judged } = c;
  const count = judged?.length ?? rows?.length ?? 1;
  const rowLength = value.length / count;
  let worstAt = -1;
  let worstRank = Infinity;
  let worstRatio = 0;
  let worstClass = c.class;
  let worstLimit = 0;
  let largest = 0;
  let farthest = 0;
  let negativeZeros = 0;
  // locals: object fields take twice as long
  let elements = 0;
  let seeing = 0;
  let telling = 0;
  const tells = TELLING * sizeOfValues(c, rowLength);
  let maxOverBound = 0;
  let maxUlp = 0;
  let normals = 0;
  let absolute = 0;
  let squares = 0;
  let upwards = 0;
  let outwards = 0;
  for (let row = 0; row < count; row++) {
    if (judged?.[row] === 0) continue;
    const start = row * rowLength;
    const empty = rows?.[row] === 1;
    const rule = empty ? c.empty?.rule : 'bounded';
    for (let i = start; i < start + rowLength; i++) {
      const x = actual[i];
      const r = value[i];
      if (empty && x === 0 && r === 0 && Object.is(x, -0)) negativeZeros++;
      const size = Math.abs(r);
      let error = Math.abs(x - r);
      let limit = bound[i] * kept + (roundoff * size + lost);
      // fast path: storedBound's limit for finite numbers; ∞ and NaN never pass it
      if (rule !== 'bounded' || !(size + bound[i] <= max && error <= limit)) {
        error = rule === 'finite' ? finiteLseError(x) : difference(x, r);
        limit = rule === 'bounded' ? judgedBound(c.expected, i, error, dtype, c.flushToZero) : 0;
        if (limit === Infinity && !empty) seeing++;
        if (limit === Infinity) {
          statistics.undecided++;
          continue;
        }
      }
      const ratio = error === 0 ? 0 : error / limit;
      elements++;
      if (!empty) {
        seeing++;
        if (limit < tells) telling++;
      }
      if (error <= limit) {
        if (ratio > maxOverBound) maxOverBound = ratio;
        histogram[Math.min(9, Math.floor(ratio * 10))]++;
        if (error > 0) maxUlp = Math.max(maxUlp, error / ulps[biasedExponent(r)]);
        // flushed numbers and empty rows are no evidence about rounding
        if (limit === 0 || size < smallestNormal) continue;
        normals++;
        absolute += ratio;
        squares += ratio * ratio;
        upwards += x > r ? ratio : -ratio;
        outwards += x > r === r > 0 ? ratio : -ratio;
        continue;
      }
      if (Number.isNaN(limit)) throw new Error(`the oracle's bound of ${c.output}[${unravel(i, shape).join(', ')}] is not a number`);
      const distance = Number.isNaN(ratio) ? Infinity : ratio;
      maxOverBound = Math.max(maxOverBound, distance);
      maxUlp = Math.max(maxUlp, Number.isFinite(error) ? error / ulps[biasedExponent(r)] : Infinity);
      histogram[10]++;
      largest = Math.max(largest, Number.isNaN(error) ? Infinity : error);
      const off = limit === 0 ? Infinity : boundsOff(c.expected, i, error, dtype, c.flushToZero);
      farthest = Math.max(farthest, Number.isNaN(off) ? Infinity : off);
      const kind = empty ? 'empty-row' : Number.isFinite(x) && Number.isFinite(r) ? c.class : 'nan';
      const order = rank(kind);
      if (order < worstRank || (order === worstRank && distance > worstRatio)) {
        worstAt = i;
        worstRank = order;
        worstRatio = distance;
        worstClass = kind;
        worstLimit = limit;
      }
    }
  }
  Object.assign(statistics, { elements, maxOverBound, maxUlp });
  if (seeing > 0 && tells > 0) statistics.told = { cases: 1, shares: telling / seeing };
  const errors: CallErrors = { elements: normals, absolute, squares, upwards, outwards };
  // the sign of a gradient's zero depends on its terms
  if (negativeZeros > 0 && c.class === 'value') statistics.zeroSigns = { hidden: 0, empty: negativeZeros };
  if (worstAt < 0) return { output: c.output, statistics, errors, largest, farthest };
  const index = unravel(worstAt, shape);
  const worst = {
    class: worstClass,
    output: c.output,
    index,
    expected: value[worstAt],
    actual: actual[worstAt],
    bound: worstLimit,
    ratio: worstRatio,
  };
  return { output: c.output, statistics, errors, worst, largest, farthest };
}

/** Root mean square of the finite expected numbers in judged, non-empty rows; 0 without any. */
function sizeOfValues({ expected: { value }, judged, empty }: Comparand, rowLength: number): number {
  let squares = 0;
  let count = 0;
  for (let i = 0; i < value.length; i++) {
    const row = Math.floor(i / rowLength);
    if (judged?.[row] === 0 || empty?.rows[row] === 1 || !Number.isFinite(value[i])) continue;
    squares += value[i] * value[i];
    count++;
  }
  return count === 0 ? 0 : Math.sqrt(squares / count);
}

/** |x − r|; 0 for equal infinities or two NaN; NaN or ∞ if only one number is not finite. */
function difference(x: number, r: number): number {
  if (x === r || (Number.isNaN(x) && Number.isNaN(r))) return 0;
  return Math.abs(x - r);
}

function finiteLseError(x: number): number {
  return Number.isFinite(x) && x <= -1e4 ? 0 : NaN;
}
