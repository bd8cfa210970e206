import type { Random } from 'fast-check';
import type { FullCapabilities } from '../spec/claims/capabilities.js';
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
  const numeric = Object.entries(operator.options ?? {}).map(([name, option]) => [name, valuesOf(option)] as const);
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

/** Values that the option's document lists, or steps of its range, logarithmically; an option that has neither keeps its default. */
function valuesOf({ values, range }: OperatorOption): readonly number[] {
  if (values || !range) return values ?? [];
  const [low, high] = range;
  return Array.from({ length: STEPS + 1 }, (_, step) => Number((low * (high / low) ** (step / STEPS)).toPrecision(3)));
}
