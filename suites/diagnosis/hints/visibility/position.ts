import type { Problem } from '../../../../spec/oracle/problem.js';
import type { NamedMask } from '../../../../spec/types/documents.js';

/** The case's mask where it is one name over the whole problem. */
export function namedMask({ case: c }: Problem): NamedMask | undefined {
  return 'name' in c.mask && !c.block && !c.packed ? c.mask : undefined;
}

/** What places a query among the keys (CONTRACTS: dialect, `causal`). */
export function offsetOf({ dialect, mask: { m, n } }: Problem): number {
  return dialect.causal === 'top-left' ? 0 : n - m;
}

/** What is left of an integer in 8 bits with a sign. */
export function signedByte(x: number): number {
  return ((((x + 128) % 256) + 256) % 256) - 128;
}
