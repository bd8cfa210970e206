import { mix } from './hash.js';
import { normalOf } from './normal.js';

/** Makes the element of a tensor from its 32 hashed bits. */
export type Draw = (hash: number) => number;

export const uniform = (hash: number): number => hash / 2 ** 32;

export const draws = {
  normal: normalOf,
  small: (hash: number) => uniform(hash) * 0.2 - 0.1,
  keyInteger: (hash: number) => (hash % 7) - 3,
  valueInteger: (hash: number) => (hash % 17) - 8,
  heavy: (hash: number) => normalOf(hash) / Math.max(uniform(mix(hash ^ 0x5bd1e995)), 1 / 32),
  offset: (hash: number) => normalOf(hash) + 100,
  zero: () => 0,
  slope: (hash: number) => uniform(hash) / 2,
} as const satisfies Record<string, Draw>;
