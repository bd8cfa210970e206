import type { Dialect } from './types/documents.js';

export type { Dialect } from './types/documents.js';
export type DialectAxis = keyof Dialect;
export type FullDialect = Required<{ [A in DialectAxis]: NonNullable<Dialect[A]> }>;

/** Every axis with its values, the default first (CONTRACTS: dialect). */
export const dialectAxes = {
  causal: ['bottom-right', 'top-left'],
  emptyOutput: ['zero', 'nan', 'mean'],
  emptyLse: ['-inf', '+inf', 'zero', 'nan', 'finite'],
  maskedNaN: ['shielded', 'leaks'],
  lseBase: ['e', '2'],
  lseSink: ['included', 'excluded'],
  heads: ['grouped', 'tiled'],
  window: ['inclusive', 'exclusive'],
  softcap: ['before-mask', 'after-mask'],
  bias: ['after-softcap', 'before-softcap'],
  booleanMask: ['keep', 'drop'],
  defaultScale: ['1/sqrt(d)', '1'],
  // '1e-6' stands for the eps of the operator's document
  defaultEps: ['1e-6', '1e-5', '1e-8', '1e-10', '1e-12', '0'],
  alibi: ['relative', 'distance', 'key'],
} as const satisfies { [A in DialectAxis]: readonly NonNullable<Dialect[A]>[] };

const defaults = Object.fromEntries(Object.entries(dialectAxes).map(([axis, values]) => [axis, values[0]])) as unknown as FullDialect;

export function fullDialect(dialect: Dialect = {}): FullDialect {
  return { ...defaults, ...dialect };
}

/** Axes that differ from the default: the form in a case. */
export function deviations(dialect: Dialect): Dialect {
  return Object.fromEntries(Object.entries(dialect).filter(([axis, value]) => value !== defaults[axis as DialectAxis]));
}

/** Command-line flags of a dialect: `--dialect causal=top-left --dialect lseBase=2`. */
export function dialectFlags(dialect: Dialect): string {
  return Object.entries(dialect)
    .map(([axis, value]) => `--dialect ${axis}=${value}`)
    .join(' ');
}
