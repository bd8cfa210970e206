import type { Random } from 'fast-check';
import { type FullCapabilities, isFixed } from '../../spec/claims/capabilities.js';
import { fixedOptions } from '../../spec/claims/fixed.js';
import type { Operator, OperatorOption, Options } from '../../spec/types/documents.js';
import type { OptionRule } from '../lib/case-space.js';
import { counts, type Flat } from '../lib/flat.js';
import { chance } from '../lib/random.js';

const features: ReadonlySet<string> = new Set(['softcap', 'sink', 'alibi', 'bias']);

const STEPS = 8;

/** Claimed options that a check draws. Options that the implementation fixes are in every case. */
export function optionRules(
  operator: Operator,
  capabilities: FullCapabilities,
  feature: string | undefined,
  everything: boolean,
): OptionRule[] {
  const numeric = Object.entries(operator.options ?? {}).map(([name, option]) => [name, valuesOf(option)] as const);
  const tensors = Object.keys(operator.optional ?? {}).map((name) => [name, [true] as const] as const);
  const fixed = fixedOptions(capabilities, operator);
  return [...numeric, ...tensors]
    .map(([name, values]) => [name, isFixed(capabilities, name) ? [fixed[name]] : values] as const)
    .filter(([name, values]) => values.length > 0 && capabilities.options.includes(name))
    .filter(([name]) => everything || name === feature || !features.has(name) || isFixed(capabilities, name))
    .map(([name, values]) => ({
      name,
      values,
      forced: name === feature || isFixed(capabilities, name),
      share: features.has(name) ? 40 : 50,
    }))
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

/** Listed values of an option, or logarithmic steps of its range; empty if it has neither. */
function valuesOf({ values, range }: OperatorOption): readonly number[] {
  if (values || !range) return values ?? [];
  const [low, high] = range;
  return Array.from({ length: STEPS + 1 }, (_, step) => Number((low * (high / low) ** (step / STEPS)).toPrecision(3)));
}
