import { hashOf } from '../../spec/lib/hash.js';

/** Index of the planted key: first, last, at the edge of a tile or page, or in the far half. */
export function plantedKey(seed: number, n: number): number {
  const h = hashOf(seed, 17);
  const edge = (size: number) => Math.min(n - 1, size * (h % Math.max(1, Math.ceil(n / size))) + (h & 0x1000 ? size - 1 : 0));
  switch (seed % 7) {
    case 0:
      return 0;
    case 1:
    case 2:
    case 3:
      return n - 1;
    case 4:
      return edge(16);
    case 5:
      return edge(64);
    default:
      return Math.floor(n / 2) + (h % Math.max(1, n - Math.floor(n / 2)));
  }
}
