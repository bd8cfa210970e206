import { partOf } from '../places.js';

/** Weights of the keys of one query, read from a kernel's output. */
export interface RowWeights {
  readonly batch: number;
  readonly head: number;
  readonly query: number;
  /** Weights as they must be, and how far a right one may be from that. */
  readonly expected: Float64Array;
  readonly limit: Float64Array;
  readonly actual: Float64Array;
}

/** Numbers of batch entries and heads, by which rows are named. */
export interface RowNames {
  readonly b: number;
  readonly heads: number;
}

/** Share of a weight up to which its limit says enough of its factor. */
const TELLING = 1 / 4;
/** Most factors that are told apart: more show no order. */
const MOST_FACTORS = 3;

/**
 * Describes the weights of the row that is furthest off, such as "query 0: all keys have 0.962 times their weight; together 0.962, not 1": a wrong sum with right
 * proportions is a wrong divisor, a right sum with wrong proportions are wrong scores, and a key that alone is wrong was lost among the values.
 * @returns undefined if every weight is right.
 */
export function describeWeights(rows: readonly RowWeights[], names: RowNames): string | undefined {
  const wrong = rows.filter((row) => errorOf(row) > 0);
  if (wrong.length === 0) return undefined;
  const row = wrong.reduce((worst, other) => (errorOf(other) > errorOf(worst) ? other : worst));
  const others = wrong.length === 1 ? '' : `, one of ${wrong.length} rows that are wrong`;
  return `${nameOf(row, names)}${others}: ${[...proportionsOf(row), sumOf(row)].join('; ')}`;
}

/** Sum of what the weights are off, of those that are beyond their limit. */
function errorOf({ expected, limit, actual }: RowWeights): number {
  let sum = 0;
  for (let j = 0; j < expected.length; j++) {
    const error = Math.abs(actual[j] - expected[j]);
    if (error > limit[j]) sum += error;
  }
  return sum;
}

function nameOf({ batch, head, query }: RowWeights, { b, heads }: RowNames): string {
  const parts = [`query ${query}`, ...(heads > 1 ? [`head ${head}`] : []), ...(b > 1 ? [`batch entry ${batch}`] : [])];
  return parts.join(' of ');
}

/** Keys whose weights are the same multiple of what they must be: of some number between `low` and `high`. */
interface Proportion {
  readonly keys: number[];
  low: number;
  high: number;
}

function* proportionsOf(row: RowWeights): Generator<string> {
  const size = row.expected.length;
  const seen = keysOf(row, (expected, limit) => limit < TELLING * expected);
  const extra = keysOf(row, (expected, limit, actual) => expected === 0 && Math.abs(actual) > limit);
  const all = groupsOf(row, seen);
  if (all.length > MOST_FACTORS) {
    const factors = seen.map((j) => row.actual[j] / row.expected[j]);
    yield `its keys have ${short(Math.min(...factors))} to ${short(Math.max(...factors))} times their weights`;
  } else if (all.length === 1) yield `${seen.length === size ? 'all keys' : 'the keys that it must see'} have ${timesOf(all[0], 'their')}`;
  else if (all.length > 1)
    yield all.map((group) => `${keysNamed(group.keys, size)} ${timesOf(group, group.keys.length === 1 ? 'its' : 'their')}`).join(', ');
  if (extra.length > 0) {
    const weight = extra.reduce((sum, j) => sum + row.actual[j], 0);
    yield `${keysNamed(extra, size)} weight, ${short(weight)} in all, but must have none`;
  }
}

function keysOf({ expected, limit, actual }: RowWeights, isOne: (expected: number, limit: number, actual: number) => boolean): number[] {
  return [...expected.keys()].filter((j) => isOne(expected[j], limit[j], actual[j]));
}

/** Groups keys by the factors of their weights, the largest group first. */
function groupsOf({ expected, limit, actual }: RowWeights, keys: readonly number[]): Proportion[] {
  const groups: Proportion[] = [];
  const factor = (j: number) => actual[j] / expected[j];
  for (const j of keys.toSorted((x, y) => factor(x) - factor(y))) {
    const off = limit[j] / expected[j];
    const [low, high] = [factor(j) - off, factor(j) + off];
    const last = groups.at(-1);
    if (last && low <= last.high && high >= last.low) {
      last.keys.push(j);
      [last.low, last.high] = [Math.max(last.low, low), Math.min(last.high, high)];
    } else groups.push({ keys: [j], low, high });
  }
  for (const group of groups) group.keys.sort((x, y) => x - y);
  return groups.sort((x, y) => y.keys.length - x.keys.length || x.keys[0] - y.keys[0]);
}

function timesOf({ low, high }: Proportion, whose: string): string {
  if (low <= 1 && high >= 1) return `${whose} weight`;
  if (low <= 0 && high >= 0) return 'no weight';
  return `${short((low + high) / 2)} times ${whose} weight`;
}

/** Names keys with the verb that follows. */
function keysNamed(keys: readonly number[], size: number): string {
  const named = keys.length === size ? 'all keys' : (partOf(keys, size, 'n') ?? `${keys.length} of ${size} keys`);
  return `${named.replace(/, (from \d+ on)$/, ' ($1)')} ${keys.length === 1 ? 'has' : 'have'}`;
}

function sumOf({ expected, limit, actual }: RowWeights): string {
  const sum = (numbers: Float64Array) => numbers.reduce((total, x) => total + x, 0);
  const [must, is] = [sum(expected), sum(actual)];
  return Math.abs(is - must) > sum(limit) ? `together ${short(is)}, not ${short(must)}` : 'their sum is right';
}

function short(x: number): string {
  return String(Number(x.toPrecision(3)));
}
