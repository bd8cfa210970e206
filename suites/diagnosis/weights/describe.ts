import { shortNumber } from '../../../spec/lib/short-number.js';
import { partOf } from '../places.js';

/** Weights of the keys in one row, read from a kernel. */
export interface RowWeights {
  readonly name: string;
  readonly expected: Float64Array;
  readonly limit: Float64Array;
  readonly actual: Float64Array;
  /** Weights found on tokens outside the row's keys, e.g. of other sequences in a cache. */
  readonly strangers?: readonly StrangeWeight[];
}

interface StrangeWeight {
  readonly name: string;
  readonly limit: number;
  readonly actual: number;
}

/** Keys with a common factor, between `low` and `high`, of their right weights. */
interface Proportion {
  readonly keys: number[];
  low: number;
  high: number;
}

const TELLING = 1 / 4;
const MOST_FACTORS = 3;
const DIGITS = 3;
const MOST_DIGITS = 15;
/** Relative tolerance at which a divisor's excess or lack matches a key's weight. */
const EXACT = 1e-3;

/**
 * Describes the row that is furthest off: "query 0: all keys have 0.962 times their weight; …".
 * Wrong sum, right proportions: a wrong divisor. Right sum, wrong proportions: wrong scores. A
 * single wrong key was lost among the values. Undefined if every weight is right.
 * @param areShares true if the weights are a softmax's.
 */
export function describeWeights(rows: readonly RowWeights[], areShares: boolean): string | undefined {
  const wrong = rows.filter((row) => errorOf(row) > 0);
  if (wrong.length === 0) return undefined;
  const row = wrong.reduce((worst, other) => (errorOf(other) > errorOf(worst) ? other : worst));
  const others = wrong.length === 1 ? '' : `, one of ${wrong.length} rows that are wrong`;
  return `${row.name}${others}: ${[...saidOf(row, areShares)].join('; ')}`;
}

function errorOf(row: RowWeights): number {
  const { expected, limit, actual } = row;
  const own = actual.map((weight, j) => Math.abs(weight - expected[j])).map((error, j) => (error > limit[j] ? error : 0));
  return sum(own) + sum(strangersOf(row).map((stranger) => Math.abs(stranger.actual)));
}

function strangersOf({ strangers = [] }: RowWeights): StrangeWeight[] {
  return strangers.filter(({ actual, limit }) => Math.abs(actual) > limit);
}

function* saidOf(row: RowWeights, areShares: boolean): Generator<string> {
  const { expected, limit, actual } = row;
  const size = expected.length;
  const keys = [...expected.keys()];
  const seen = keys.filter((j) => limit[j] < TELLING * Math.abs(expected[j]));
  const hidden = keys.filter((j) => expected[j] === 0 && Math.abs(actual[j]) > limit[j]);
  const groups = groupsOf(row, seen);
  const [most, fewer] = groups;
  const factors = seen.map((j) => actual[j] / expected[j]);
  if (groups.length > MOST_FACTORS)
    yield `its keys have ${besideOne(Math.min(...factors))} to ${besideOne(Math.max(...factors))} times their weights`;
  else if (groups.length === 1 && seen.length < size)
    yield `${seen.length === 1 ? 'the key that it must see has' : 'the keys that it must see have'} ${timesOf(most)}`;
  else if (most) yield groups.map((group) => `${withVerb(group.keys, size)} ${timesOf(group)}`).join(', ');
  if (hidden.length > 0) {
    const weight = sum(actual.filter((_, j) => hidden.includes(j)));
    yield `${withVerb(hidden, size)} weight, ${shortNumber(weight)} in all, but must have none`;
  }
  const strangers = strangersOf(row);
  const strange = sum(strangers.map((stranger) => stranger.actual));
  if (strangers.length > 0) {
    const [first, ...more] = strangers;
    const names = more.length === 0 ? `${first.name} has` : `${strangers.length} other tokens, the first ${first.name}, have`;
    yield `${names} weight, ${shortNumber(strange)} in all, but must have none`;
  }
  const total = sum(actual) + strange;
  const isSumWrong = Math.abs(total - sum(expected)) > sum(limit);
  yield isSumWrong ? `together ${apart(total, sum(expected)).join(', not ')}` : 'their sum is right';
  if (hidden.length + strangers.length > 0 || !areShares) return;
  const like =
    groups.length === 1 ? divisorLike(row, most) : groups.length === 2 && !isSumWrong ? scoresLike(size, fewer, most) : undefined;
  if (like !== undefined) yield `as if ${like}`;
}

function groupsOf({ expected, limit, actual }: RowWeights, keys: readonly number[]): Proportion[] {
  const groups: Proportion[] = [];
  const factor = (j: number) => actual[j] / expected[j];
  for (const j of keys.toSorted((x, y) => factor(x) - factor(y))) {
    const off = limit[j] / Math.abs(expected[j]);
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

/** Keys that the divisor counts twice or lacks, if all weights have one factor. */
function divisorLike({ expected, limit }: RowWeights, { low, high }: Proportion): string | undefined {
  if (!(low > 0) || (low <= 1 && high >= 1)) return undefined;
  const all = [...expected.keys()];
  const ends = all.slice(1, -1).flatMap((j) => [all.slice(0, j + 1), all.slice(j)]);
  const of = (numbers: Float64Array, keys: readonly number[]) => keys.reduce((total, j) => total + numbers[j], 0);
  const [least, most] = [1 / high - 1, 1 / low - 1].map(Math.abs).sort((x, y) => x - y);
  const fits = [...all.map((j) => [j]), ...ends].filter((keys) => {
    const [weight, off] = [of(expected, keys), of(limit, keys)];
    return weight + off >= least && weight - off <= most && off + most - least < EXACT * weight;
  });
  if (fits.length !== 1) return undefined;
  const keys = nameOf(fits[0], expected.length);
  return high < 1 ? `the divisor had ${keys} twice` : `the divisor lacked ${keys}`;
}

function scoresLike(size: number, some: Proportion, others: Proportion): string | undefined {
  if (!(some.low > 0 && others.low > 0)) return undefined;
  const difference = Math.log((some.low + some.high) / (others.low + others.high));
  const scores = some.keys.length === 1 ? 'the score of' : 'the scores of';
  const verb = some.keys.length === 1 ? 'was' : 'were';
  return `${scores} ${nameOf(some.keys, size)} ${verb} ${shortNumber(Math.abs(difference))} too ${difference > 0 ? 'high' : 'low'}`;
}

function timesOf({ keys, low, high }: Proportion): string {
  const whose = keys.length === 1 ? 'its' : 'their';
  if (low <= 1 && high >= 1) return `${whose} weight`;
  if (low <= 0 && high >= 0) return 'no weight';
  return `${besideOne((low + high) / 2)} times ${whose} weight`;
}

function withVerb(keys: readonly number[], size: number): string {
  return `${nameOf(keys, size)} ${keys.length === 1 ? 'has' : 'have'}`;
}

function nameOf(keys: readonly number[], size: number): string {
  if (size === 1) return 'the only key';
  if (keys.length === size) return 'all keys';
  return (partOf(keys, size, 'n') ?? `${keys.length} of ${size} keys`).replace(/, (from \d+ on)$/, ' ($1)');
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const x of numbers) total += x;
  return total;
}

function besideOne(x: number): string {
  return apart(x, 1)[0];
}

/** Prints both numbers with one digit more than tells them apart, but at least DIGITS. */
function apart(x: number, y: number): [string, string] {
  let digits = DIGITS;
  while (digits < MOST_DIGITS && shortNumber(x, digits) === shortNumber(y, digits)) digits++;
  const shown = digits === DIGITS ? DIGITS : digits + 1;
  return [shortNumber(x, shown), shortNumber(y, shown)];
}
