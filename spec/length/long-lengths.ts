/** Lengths at limits of 15- to 32-bit positions, offsets and page tables, with weights. */
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
