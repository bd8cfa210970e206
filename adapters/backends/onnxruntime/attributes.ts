import type { Case } from '../../adapter.js';

/** Returns the case's options that are FLOAT attributes; absent options keep the default. */
export function floatAttributes(c: Case, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.flatMap((name) => (typeof c.options[name] === 'number' ? [[name, c.options[name]]] : [])));
}

/** Returns the mask if it is passed by name: claimed, and not of a block, which is dense. */
export function claimedMask(
  c: Case,
  claimed: readonly string[],
): { readonly name: string; readonly parameters: Readonly<Record<string, unknown>> } | undefined {
  return !c.block && 'name' in c.mask && claimed.includes(c.mask.name)
    ? { name: c.mask.name, parameters: c.mask.parameters ?? {} }
    : undefined;
}
