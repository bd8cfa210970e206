/** 32 bits of (seed, x, y): MurmurHash3 (https://github.com/aappleby/smhasher/wiki/MurmurHash3) over two words, in integer arithmetic, the same everywhere. */
export function hash(seed: number, x: number, y: number): number {
  let h = add(add(seed | 0, x), y) ^ 8;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function add(h: number, word: number): number {
  const k = Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotate(h ^ k, 13), 5) + 0xe6546b64) | 0;
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
