import { type Arbitrary, Random, type Value } from 'fast-check';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { hashOf, nameHash } from '../../spec/lib/hash.js';

/** 32-bit hash of a seed and a text. A check's seed is the hash of its id. */
export function hashText(seed: number, text: string): number {
  return hashOf(seed, nameHash(text), text.length);
}

/** Seed of a check's index-th case; `attempt` counts the redraws. */
export function caseSeed(checkSeed: number, index: number, attempt: number): number {
  return hashOf(checkSeed, index, attempt);
}

/** Stream of random numbers. The seed is hashed, so that neighbouring seeds are unrelated. */
export function randomOf(seed: number): Random {
  return new Random(xoroshiro128plusFromState([1, 2, 3, 4].map((word) => hashOf(seed, word) | 0)));
}

/** Value of a seed, with the context for shrinking. */
export function drawCase<T>(arbitrary: Arbitrary<T>, seed: number): Value<T> {
  return arbitrary.generate(randomOf(seed), undefined);
}
