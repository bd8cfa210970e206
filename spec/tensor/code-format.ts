import type { CodeFormat } from '../types/documents.js';
import { floatFormats, type TensorDType } from './dtype.js';
import { decodeTable, encode as encodeFloat, roundTo } from './float-bits.js';

export type { CodeFormat } from '../types/documents.js';

/** Rounding to one of two codes: nearest with ties to even, away from 0 or up; or down, or up. */
export type CodeRounding = 'even' | 'away' | 'half-up' | 'down' | 'up';

/** Code of a number beyond the largest one: the largest, or the format's NaN or infinity. */
export type CodeOverflow = 'saturate' | 'nan';

interface FormatRule {
  readonly dtype: TensorDType;
  /** Codes are the whole numbers first … first + patterns − 1. */
  readonly patterns: number;
  readonly first: number;
  value(code: number): number;
  readonly signed: boolean;
}

const fourBits = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

function ofFloat(dtype: 'f8e4m3' | 'f8e5m2'): FormatRule {
  const table = decodeTable(dtype);
  return { dtype: 'u8', patterns: 256, first: 0, value: (code) => table[code], signed: true };
}

/** Formats with tables of values (OCP FP8 and MX; the integers of GGML's blocks). */
const rules: Readonly<Record<Exclude<CodeFormat, 'f16' | 'f32'>, () => FormatRule>> = {
  e4m3: () => ofFloat('f8e4m3'),
  e5m2: () => ofFloat('f8e5m2'),
  e2m1: () => ({ dtype: 'u8', patterns: 16, first: 0, value: (code) => (code < 8 ? fourBits[code] : -fourBits[code - 8]), signed: true }),
  e8m0: () => ({ dtype: 'u8', patterns: 256, first: 0, value: (code) => (code === 255 ? NaN : 2 ** (code - 127)), signed: false }),
  int8: () => ({ dtype: 'i8', patterns: 256, first: -128, value: (code) => code, signed: false }),
  int4: () => ({ dtype: 'u8', patterns: 16, first: 0, value: (code) => code - 8, signed: false }),
};

/** Codes of a format. The codes of f16 and f32 are the numbers themselves. */
export interface Codes {
  readonly dtype: TensorDType;
  readonly finite: readonly number[];
  has(code: number): boolean;
  decode(code: number): number;
  /** Rank of a code among the format's values: −0 before 0; all overflows share one rank. */
  rank(code: number): number;
  encode(x: number, rounding: CodeRounding, overflow: CodeOverflow): number;
  /** Largest distance from a code's number to the number of a code up to `places` ranks away. */
  reach(code: number, places: number): number;
}

const known = new Map<CodeFormat, Codes>();

/** Codes of a format, cached. */
export function codesOf(format: CodeFormat): Codes {
  let codes = known.get(format);
  if (!codes) {
    codes = format === 'f16' || format === 'f32' ? floatCodes(format) : tableCodes(rules[format]());
    known.set(format, codes);
  }
  return codes;
}

function tableCodes({ dtype, patterns, first, value, signed }: FormatRule): Codes {
  const all = Array.from({ length: patterns }, (_, i) => first + i);
  const half = patterns / 2;
  const values = new Map(all.map((code) => [code, value(code)]));
  const finite = all.filter((code) => Number.isFinite(values.get(code)));
  const largest = Math.max(...finite.map((code) => (signed ? code % half : code)));
  const rank = (code: number) => {
    if (!signed) return Math.min(code, largest + 1);
    const magnitude = Math.min(code % half, largest + 1);
    return code < half ? magnitude : -1 - magnitude;
  };
  const ordered = finite.toSorted((x, y) => rank(x) - rank(y));
  const steps = signed ? ordered.filter((code) => code !== half) : ordered;
  const numbers = steps.map(value);
  const isEven = (code: number) => (signed ? code % 2 === 0 : value(code) % 2 === 0);
  const sign = (x: number) => (signed && (x < 0 || Object.is(x, -0)) ? half : 0);
  // integers and e2m1 have no pattern for overflow
  const hasMore = largest + 1 < (signed ? half : first + patterns);
  const beyond = (x: number) => (hasMore ? sign(x) + largest + 1 : x < 0 ? steps[0] : steps[steps.length - 1]);
  return {
    dtype,
    finite,
    has: (code) => values.has(code),
    decode: (code) => values.get(code) ?? NaN,
    rank,
    encode(x, rounding, overflow) {
      if (Number.isNaN(x)) return hasMore ? (signed ? half : first + patterns) - 1 : signed ? 0 : -first;
      const [low, high] = neighbours(numbers, x);
      const below = steps[low];
      const above = steps[high];
      // an unsigned format has no number below its least one
      if (below === undefined && !signed) return above;
      if (below === undefined || above === undefined)
        return overflow === 'saturate' || !passesEnd(numbers, x, rounding) ? (below ?? above) : beyond(x);
      const code = chosen(x, rounding, { below, above, low: numbers[low], high: numbers[high], isEven });
      return signed && code % half === 0 ? sign(x) : code;
    },
    reach(code, places) {
      const [least, most] = [rank(code) - places, rank(code) + places];
      if (!(rank(steps[0]) <= least && most <= rank(steps[steps.length - 1]))) return Infinity;
      const near = ordered.filter((other) => least <= rank(other) && rank(other) <= most);
      return Math.max(...near.map((other) => Math.abs(value(other) - value(code))));
    },
  };
}

function neighbours(numbers: readonly number[], x: number): [number, number] {
  let [low, high] = [-1, numbers.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= x) low = middle;
    else high = middle;
  }
  return numbers[low] === x ? [low, low] : [low, high];
}

interface Neighbours {
  readonly below: number;
  readonly above: number;
  readonly low: number;
  readonly high: number;
  isEven(code: number): boolean;
}

function chosen(x: number, rounding: CodeRounding, { below, above, low, high, isEven }: Neighbours): number {
  if (below === above || rounding === 'down') return below;
  if (rounding === 'up') return above;
  const [down, up] = [x - low, high - x];
  if (down !== up) return down < up ? below : above;
  if (rounding === 'even') return isEven(below) ? below : above;
  return rounding === 'half-up' || x > 0 ? above : below;
}

/** Tells if x rounds past the largest or least number. */
function passesEnd(numbers: readonly number[], x: number, rounding: CodeRounding): boolean {
  const last = numbers.length - 1;
  const [end, next] = x < 0 ? [-numbers[0], -numbers[1]] : [numbers[last], numbers[last - 1]];
  const tie = end + (end - next) / 2;
  if (rounding === 'up' || rounding === 'down') return (rounding === 'up') === x > 0;
  // the largest number is even if a pattern follows it
  return rounding === 'even' ? Math.abs(x) > tie : Math.abs(x) >= tie;
}

const word = new Float32Array(1);
const wordBits = new Int32Array(word.buffer);

function floatCodes(dtype: 'f16' | 'f32'): Codes {
  const { max, roundoff, smallestSubnormal } = floatFormats[dtype];
  return {
    dtype,
    finite: [],
    has: (code) => Number.isNaN(code) || Math.abs(code) === Infinity || roundTo(dtype, code) === code,
    decode: (code) => code,
    rank(code) {
      if (Number.isNaN(code)) return NaN;
      const magnitude = dtype === 'f16' ? encodeFloat('f16', Math.abs(code)) : bitsOf(Math.abs(code));
      return code < 0 || Object.is(code, -0) ? -1 - magnitude : magnitude;
    },
    encode(x, rounding, overflow) {
      if (rounding !== 'even') throw new RangeError(`${dtype} is rounded to even, not ${rounding}`);
      const near = Math.abs(x) < smallestSubnormal / 2 ? x * 0 : roundTo(dtype, x);
      return overflow === 'saturate' && Math.abs(near) > max ? Math.sign(x) * max : near;
    },
    // twice the number is in the next binade at most
    reach: (code, places) => places * Math.max(4 * roundoff * Math.abs(code), smallestSubnormal),
  };
}

function bitsOf(x: number): number {
  word[0] = x;
  return wordBits[0];
}
