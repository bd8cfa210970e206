import { TermError } from '../primitive.js';

/** Checks a number of places. @throws {TermError} when it is not whole. */
export function requireWhole(name: string, value: number): void {
  if (!Number.isInteger(value)) throw new TermError(`found ${value} for "${name}", must be a whole number`);
}

/**
 * Checks a range of an axis, from its first place to the one after its last.
 * @param made axis that has the places of the range.
 * @throws {TermError} when an end is not whole or outside of the axis, or the range is not as long as the axis that has its places.
 */
export function requireRange(
  { from, to }: Readonly<Record<string, number>>,
  [axis, made]: readonly string[],
  sizes: Readonly<Record<string, number>>,
): void {
  requireWhole('from', from);
  requireWhole('to', to);
  if (from < 0 || to < from || to > sizes[axis])
    throw new TermError(`found the range from ${from} to ${to} of "${axis}", which has ${sizes[axis]} places`);
  if (to - from !== sizes[made])
    throw new TermError(`the range from ${from} to ${to} has ${to - from} places, but "${made}" has size ${sizes[made]}`);
}
