import { type Arbitrary, Random, type Value } from 'fast-check';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { hashOf, nameHash } from '../../spec/lib/hash.js';

/** 32 bits that depend on the seed and on every character: a check's seed is that of its id. */
export function hashText(seed: number, text: string): number {
  return hashOf(seed, nameHash(text), text.length);
}

/** The seed of a check's index-th case; `attempt` counts the times that it was drawn again. */
export function caseSeed(checkSeed: number, index: number, attempt: number): number {
  return hashOf(checkSeed, index, attempt);
}

/** A stream of random numbers for a seed. The state is hashed: neighbouring seeds have nothing in common. */
export function randomOf(seed: number): Random {
  return new Random(xoroshiro128plusFromState([1, 2, 3, 4].map((word) => hashOf(seed, word) | 0)));
}

/** The value that a seed stands for, with the context that its arbitrary shrinks it by. */
export function drawCase<T>(arbitrary: Arbitrary<T>, seed: number): Value<T> {
  return arbitrary.generate(randomOf(seed), undefined);
}
