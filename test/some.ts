import { operatorDocuments } from '../spec/operators/index.js';

/** True where what `npm run test:e2e` leaves out of a list is asked: in `npm run test:every`, and of other programs in `npm run test:programs`. */
export const asksAll = process.env.ATTN_TEST_EVERY === '1';

/**
 * Returns what a sweep asks: in `npm run test:e2e` the first of each kind, which tells within minutes whether the engine that they share holds, and the others in
 * `npm run test:every`.
 * @param all of the list. @param kindOf names the kind of one.
 */
export function someOf<T>(all: readonly T[], kindOf: (one: T) => string): readonly T[] {
  const kinds = new Set<string>();
  return all.filter((one) => kinds.size < kinds.add(kindOf(one)).size !== asksAll);
}

/** Returns the first so many of a list, or the others in `npm run test:every`. */
export function firstOf<T>(all: readonly T[], count: number): readonly T[] {
  return asksAll ? all.slice(count) : all.slice(0, count);
}

/** Returns the first so many of a list, or all of it in `npm run test:every`: where each is asked with each of another list. */
export function fewOf<T>(all: readonly T[], count: number): readonly T[] {
  return asksAll ? all : all.slice(0, count);
}

/** Returns the list in `npm run test:every`, else nothing: what takes seconds and tells more of what other tests hold. */
export function inEvery<T>(list: readonly T[]): readonly T[] {
  return asksAll ? list : [];
}

/** Returns how many cases a property draws: a few, or all in `npm run test:every`. */
export function runsOf(few: number, all: number): number {
  return asksAll ? all : few;
}

const families = new Map(operatorDocuments.map(({ name, family }) => [name, family]));

/** Returns the names of operators that a sweep asks: one of each family, or the others in `npm run test:every`. */
export function someOperators(names: readonly string[] = operatorDocuments.map(({ name }) => name)): readonly string[] {
  return someOf(names, (name) => families.get(name) ?? name);
}
