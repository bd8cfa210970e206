import type { Variable } from '../../expression/term.js';

/** Batch entry, head, query and key of an evaluation, set by the caller of a predicate. */
export interface Frame {
  b: number;
  h: number;
  i: number;
  j: number;
}

/** Bits of the variables that a predicate reads. */
export const reads = { b: 1, h: 2, i: 4, j: 8 } as const;

export function variablesOf(frame: Frame): Map<string, Variable> {
  return new Map([
    ['b', { bit: reads.b, read: () => frame.b }],
    ['h', { bit: reads.h, read: () => frame.h }],
    ['i', { bit: reads.i, read: () => frame.i }],
    ['j', { bit: reads.j, read: () => frame.j }],
  ]);
}
