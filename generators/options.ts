import type { Random } from 'fast-check';
import type { FullCapabilities } from '../adapters/capabilities.js';
import type { Operator, OperatorOption, Options } from '../spec/types/documents.js';
import { counts, type Flat } from './flat.js';
import { chance } from './random.js';

/** An option of an operator that may be drawn. */
export interface OptionRule {
  readonly name: string;
  /** What it may be, the simplest first; the flat case has 0 for absent, else the place in this list, from 1. */
  readonly values: readonly (number | true)[];
  /** Present in every case of the check. */
  readonly forced: boolean;
  /** Per cent of the cases that have it. */
  readonly share: number;
}

/** Options that are features: no plain check has them. */
const features: ReadonlySet<string> = new Set(['softcap', 'sink', 'alibi', 'bias']);

/** Ranges of their own: powers of two, and a few that are not. */
const known: Readonly<Record<string, readonly number[]>> = {
  scale: [1, 0.5, 0.25, 0.125, 0.0625, 2, 0.3, 0.15, 0.7],
  segment: [4, 2, 1, 3, 8, 5, 16],
  ratio: [2, 1, 3],
  levels: [2, 1, 3],
  anchor: [2, 0, 1, 3, 4, 8],
  block: [4, 1, 2, 3, 5, 8, 16],
  top: [1, 0, 2, 3, 4, 8],
  softcap: [1, 2, 5, 10, 20, 30, 50, 1.5],
};

/** Steps in which a numeric option is drawn from its range. */
const STEPS = 8;

/**
 * The claimed options of the operator that a check draws: all of them where everything is drawn together, else the numeric ones and
 * the one that is the check's feature.
 */
export function optionRules(
  operator: Operator,
  capabilities: FullCapabilities,
  feature: string | undefined,
  everything: boolean,
): OptionRule[] {
  const numeric = Object.entries(operator.options ?? {}).map(([name, option]) => [name, valuesOf(name, option)] as const);
  const tensors = Object.keys(operator.optional ?? {}).map((name) => [name, [true] as const] as const);
  return [...numeric, ...tensors]
    .filter(([name, values]) => values.length > 0 && capabilities.options.includes(name))
    .filter(([name]) => everything || name === feature || !features.has(name))
    .map(([name, values]) => ({ name, values, forced: name === feature, share: features.has(name) ? 40 : 50 }))
    .slice(0, counts.options);
}

export function drawOptions(random: Random, rules: readonly OptionRule[], flat: Record<string, number>): void {
  rules.forEach(({ values, forced, share }, place) => {
    flat[`option${place}`] = forced || chance(random, share, 100) ? random.nextInt(1, values.length) : 0;
  });
}

export function optionsOf(rules: readonly OptionRule[], flat: Flat): Options {
  const options: Options = {};
  rules.forEach(({ name, values, forced }, place) => {
    const index = Math.max(flat[`option${place}`], forced ? 1 : 0);
    if (index > 0) options[name] = values[Math.min(index, values.length) - 1];
  });
  return options;
}

/** From the option's range, logarithmically; an option of which no range is known keeps its default. */
function valuesOf(name: string, { range }: OperatorOption): readonly number[] {
  if (!range) return known[name] ?? [];
  const [low, high] = range;
  return Array.from({ length: STEPS + 1 }, (_, step) => Number((low * (high / low) ** (step / STEPS)).toPrecision(3)));
}
