import type { Problem } from '../../../../spec/problem.js';
import type { NamedMask } from '../../../../spec/types/documents.js';

/** Mask of a case if it is one name over the whole problem. */
export function singleMask({ case: c }: Problem): NamedMask | undefined {
  return 'name' in c.mask && !c.block && !c.packed ? c.mask : undefined;
}

/** Wraps an integer to 8 signed bits. */
export function signedByte(x: number): number {
  return ((((x + 128) % 256) + 256) % 256) - 128;
}
