/** The finaliser of MurmurHash3: every input bit changes every output bit (https://github.com/aappleby/smhasher). */
export function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A hash of a list of integers. */
export function hashOf(...parts: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) h = mix(Math.imul(h, 31) + (part | 0) + 0x7f4a7c15);
  return h;
}

/** A number for a tensor's name. */
export function nameHash(name: string): number {
  let h = 0;
  for (let i = 0; i < name.length; i++) h = mix(Math.imul(h, 33) + name.charCodeAt(i));
  return h;
}
