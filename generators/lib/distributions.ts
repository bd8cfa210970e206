import type { Random } from 'fast-check';
import type { NumericProfile } from '../../spec/numeric/profile.js';
import { hasSoftmax } from '../../spec/operator/facts.js';
import { floatFormats } from '../../spec/tensor/dtype.js';
import type { Distribution, Operator, Values } from '../../spec/types/documents.js';
import type { Flat } from './flat.js';
import { weighted } from './random.js';

const shares: readonly (readonly [Distribution, number])[] = [
  ['normal', 34],
  ['integers', 9],
  ['uniform', 7],
  ['planted', 12],
  ['sunk', 5],
  ['near-tied', 7],
  ['offset', 7],
  ['heavy-tailed', 7],
  ['peaked', 7],
  ['peaked-40', 4],
  ['one-hot', 2],
  ['dyadic', 2],
  ['subnormal', 2],
];

/** Weight of poison, which plain checks never draw: a kernel that leaks NaN would fail all. */
const poisonShare = 3;

const poisons = ['nan', 'inf', '-inf', 'huge'] as const;

export interface DistributionRules {
  readonly names: readonly Distribution[];
  readonly weights: readonly number[];
  readonly poisons: readonly NonNullable<Values['poison']>[];
}

interface Distributions {
  readonly fixed: readonly Distribution[] | undefined;
  readonly everything: boolean;
  /** True if the dialect's maskedNaN is `leaks`: poison is a finite number. */
  readonly leaks: boolean;
  /** True if very negative scores test the kernel. */
  readonly sinks: boolean;
}

/** Rules for drawing distributions. */
export function distributionRules({ fixed, everything, leaks, sinks }: Distributions): DistributionRules {
  const known = sinks ? shares : shares.filter(([name]) => name !== 'sunk');
  const drawn = fixed?.map((name) => [name, 1] as const) ?? [...known, ...(everything ? ([['poison', poisonShare]] as const) : [])];
  return { names: drawn.map(([name]) => name), weights: drawn.map(([, weight]) => weight), poisons: leaks ? ['finite'] : poisons };
}

/** True if a kernel subtracts a maximum from scores, and has 24 bits to tell low ones apart. */
export function tellsSunkScores(operator: Operator, { a, u, scoresStored }: NumericProfile): boolean {
  const precise = floatFormats.f32.roundoff;
  return hasSoftmax(operator) && a <= precise && (!scoresStored || u <= precise);
}

export function drawValues(
  random: Random,
  rules: DistributionRules,
  preferred: Distribution | undefined,
  flat: Record<string, number>,
): void {
  const at = preferred === undefined ? -1 : rules.names.indexOf(preferred);
  flat.distribution = at >= 0 ? at : weighted(random, rules.weights);
  flat.poison = random.nextInt(0, rules.poisons.length - 1);
  flat.seed = random.nextInt(0, 255);
}

export function valuesOf(rules: DistributionRules, flat: Flat): Values {
  const distribution = rules.names[Math.min(flat.distribution, rules.names.length - 1)];
  const values: Values = { distribution, seed: flat.seed };
  if (distribution === 'poison') values.poison = rules.poisons[Math.min(flat.poison, rules.poisons.length - 1)];
  return values;
}
