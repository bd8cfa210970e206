import { mostDrawnAxes } from '../../spec/operator/axes.js';

export const counted = <const P extends string>(prefix: P, count: number): `${P}${number}`[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}` as const);

/** Numbers of repeated fields in a flat case. */
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

/** Tensors that a view may be drawn for. */
export const viewed = ['q', 'k', 'v', 'do'] as const;

/** Case before it is held to limits: small non-negative integers, which are drawn and shrink. */
export type Flat = Readonly<Record<string, number>>;
