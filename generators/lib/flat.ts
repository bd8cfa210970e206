import { mostDrawnAxes } from '../../spec/operator/axes.js';

export const counted = <const P extends string>(prefix: P, count: number): `${P}${number}`[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}` as const);

/** Most elements of each list in a flat case. */
export const counts = {
  masks: 3,
  slots: 8,
  lengths: 6,
  documents: 24,
  keys: 3,
  options: 6,
  parts: 5,
  packs: 5,
  operations: 12,
  changes: 16,
  axes: mostDrawnAxes,
} as const;

export const viewed = ['q', 'k', 'v', 'do'] as const;

/** Case as small non-negative integers, before any limit; drawn and shrunk in this form. */
export type Flat = Readonly<Record<string, number>>;
