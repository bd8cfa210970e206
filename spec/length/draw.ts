import { hashOf } from '../lib/hash.js';
import type { LengthDistribution } from '../types/documents.js';

type Known = ReadonlyMap<string, LengthDistribution>;

/** Seeded numbers in [0, 1), equal on every machine. */
class Numbers {
  private count = 0;
  constructor(private readonly seed: number) {}

  next(): number {
    return hashOf(this.seed, this.count++) / 2 ** 32;
  }
}

/**
 * Draws document lengths that add up to `tokens`: an interval that fits, by weight, then a uniform
 * length in it.
 * @param unit of lengths and tokens.
 * @param most returns the first lengths.
 */
export function drawLengths(
  known: Known,
  distribution: LengthDistribution,
  tokens: number,
  seed: number,
  unit = 1,
  most = Infinity,
): number[] {
  const numbers = new Numbers(seed);
  const { parts } = distribution;
  if (!parts) return drawPart(distribution, tokens, unit, numbers, most);
  const lengths: number[] = [];
  let left = tokens;
  for (const [x, part] of parts.entries()) {
    const own = x === parts.length - 1 ? left : Math.floor((part.share * tokens) / unit) * unit;
    left -= own;
    lengths.push(...drawPart(part.like === undefined ? part : (known.get(part.like) as LengthDistribution), own, unit, numbers));
  }
  return shuffled(lengths, numbers).slice(0, most);
}

function drawPart(
  { edges = [], weights = [] }: Pick<LengthDistribution, 'edges' | 'weights'>,
  tokens: number,
  unit: number,
  numbers: Numbers,
  most = Infinity,
) {
  const lengths: number[] = [];
  let fitting: Fitting | undefined;
  for (let left = tokens; left > 0 && lengths.length < most; ) {
    if (!fitting || left < fitting.largest) fitting = fittingTo(edges, weights, left);
    const x = intervalOf(fitting.weights, fitting.sum, numbers.next());
    // if even the shortest is too long, one document takes the rest
    const length = x < 0 ? left : uniform(Math.max(1, edges[x]), Math.min(edges[x + 1] - 1, left), numbers.next());
    const part = Math.min(left, Math.max(unit, Math.round(length / unit) * unit));
    lengths.push(part);
    left -= part;
  }
  return lengths;
}

interface Fitting {
  readonly weights: readonly number[];
  readonly sum: number;
  readonly largest: number;
}

function fittingTo(edges: readonly number[], weights: readonly number[], left: number): Fitting {
  const fitting = weights.map((weight, x) => (edges[x] <= left ? weight : 0));
  const largest = Math.max(0, ...edges.slice(0, weights.length).filter((edge) => edge <= left));
  return { weights: fitting, sum: fitting.reduce((a, b) => a + b, 0), largest };
}

function intervalOf(weights: readonly number[], sum: number, share: number): number {
  let left = share * sum;
  for (let x = 0; x < weights.length; x++) {
    if (left < weights[x]) return x;
    left -= weights[x];
  }
  return weights.findLastIndex((weight) => weight > 0);
}

function uniform(least: number, most: number, share: number): number {
  return Math.min(most, least + Math.floor(share * (most - least + 1)));
}

function shuffled(lengths: number[], numbers: Numbers): number[] {
  for (let x = lengths.length - 1; x > 0; x--) {
    const other = Math.floor(numbers.next() * (x + 1));
    [lengths[x], lengths[other]] = [lengths[other], lengths[x]];
  }
  return lengths;
}
