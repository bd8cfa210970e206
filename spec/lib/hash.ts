/** Finaliser of MurmurHash3 (https://github.com/aappleby/smhasher). */
export function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hash of a list of integers. */
export function hashOf(...parts: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) h = mix(Math.imul(h, 31) + (part | 0) + 0x7f4a7c15);
  return h;
}

/** Hash of a tensor's name. */
export function nameHash(name: string): number {
  let h = 0;
  for (let i = 0; i < name.length; i++) h = mix(Math.imul(h, 33) + name.charCodeAt(i));
  return h;
}

/** MurmurHash3 of two words, 32 bits, the same on every machine. */
export function murmurHash(seed: number, x: number, y: number): number {
  return mix(addWord(addWord(seed | 0, x), y) ^ 8);
}

function addWord(h: number, word: number): number {
  const k = Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotate(h ^ k, 13), 5) + 0xe6546b64) | 0;
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
