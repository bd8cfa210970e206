/** Lengths at which positions, offsets and page tables of 15 to 16 bits end, splits change, and offsets of 32 bits do; each with the weight with which it is drawn. */
export const longLengths: readonly (readonly [weight: number, tokens: number])[] = [
  [3, 2 ** 15 - 1],
  [2, 2 ** 15],
  [3, 2 ** 15 + 1],
  [3, 61_441],
  [3, 99_866],
  [3, 131_072],
  [2, 160_001],
  [1, 1_048_576],
];
