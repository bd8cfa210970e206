import { TermError } from '../primitive.js';

/** Checks that a number is whole. @throws {TermError} if not. */
export function requireWhole(name: string, value: number): void {
  if (!Number.isInteger(value)) throw new TermError(`found ${value} for "${name}", must be a whole number`);
}

/** Checks a range [from, to), which must be as long as axis `made`. @throws {TermError} */
export function requireRange(
  { from, to }: Readonly<Record<string, number>>,
  [axis, made]: readonly string[],
  sizes: Readonly<Record<string, number>>,
): void {
  requireWhole('from', from);
  requireWhole('to', to);
  if (from < 0 || to < from || to > sizes[axis])
    throw new TermError(`found the range from ${from} to ${to} of "${axis}", which has size ${sizes[axis]}`);
  if (to - from !== sizes[made])
    throw new TermError(`the range from ${from} to ${to} has length ${to - from}, but "${made}" has size ${sizes[made]}`);
}
