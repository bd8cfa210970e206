import type { Problem } from '../../../../spec/problem.js';
import type { NamedMask } from '../../../../spec/types/documents.js';

/** Mask of the case, if it is a single name over the whole problem; else undefined. */
export function singleMask({ case: c }: Problem): NamedMask | undefined {
  return 'name' in c.mask && !c.block && !c.packed ? c.mask : undefined;
}

/** Value of an integer after it wraps to 8 signed bits. */
export function signedByte(x: number): number {
  return ((((x + 128) % 256) + 256) % 256) - 128;
}
