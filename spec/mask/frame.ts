import type { Variable } from '../expression/term.js';

/** Where a predicate is being asked: set before, read by its closures. */
export interface Frame {
  b: number;
  h: number;
  i: number;
  j: number;
}

/** What a predicate depends on, as bits. */
export const reads = { b: 1, h: 2, i: 4, j: 8 } as const;

export function variablesOf(frame: Frame): Map<string, Variable> {
  return new Map([
    ['b', { bit: reads.b, read: () => frame.b }],
    ['h', { bit: reads.h, read: () => frame.h }],
    ['i', { bit: reads.i, read: () => frame.i }],
    ['j', { bit: reads.j, read: () => frame.j }],
  ]);
}
