import type { Case } from '../../adapter.js';

/** The options of the case that are FLOAT attributes of the operator; an absent one keeps the operator's default. */
export function floatAttributes(c: Case, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.flatMap((name) => (typeof c.options[name] === 'number' ? [[name, c.options[name]]] : [])));
}

/** The mask where it travels by its name: it is among those claimed, and not a block's, which is always dense. */
export function claimedMask(
  c: Case,
  claimed: readonly string[],
): { readonly name: string; readonly parameters: Readonly<Record<string, unknown>> } | undefined {
  return !c.block && 'name' in c.mask && claimed.includes(c.mask.name)
    ? { name: c.mask.name, parameters: c.mask.parameters ?? {} }
    : undefined;
}
