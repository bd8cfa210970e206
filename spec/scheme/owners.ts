import { type Positions, placesOf } from '../positions.js';

/** Rank of each of `size` positions; padding beyond them is left out. */
export function ownersOf(ranks: readonly (readonly Positions[])[], size: number): Int32Array {
  const owners = new Int32Array(size);
  for (const [rank, segments] of ranks.entries()) for (const place of placesOf(segments)) if (place < size) owners[place] = rank;
  return owners;
}
