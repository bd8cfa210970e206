import { evaluateExpression } from '../expression/evaluate.js';
import { compileTerm } from '../expression/term.js';
import { type Positions, segmentsOf } from '../positions.js';
import type { Dims, Expression, Mask, Scheme } from '../types/documents.js';
import type { CaseScalars } from './case-scalars.js';
import { documentLengths } from './document-lengths.js';

/** Values of the names in a scheme's expressions, for one case on P ranks. */
export interface World {
  readonly scheme: Scheme;
  readonly ranks: number;
  /** Number of tokens (keys) of the case, without and with padding. */
  readonly tokens: number;
  readonly padded: number;
  readonly values: ReadonlyMap<string, number>;
}

/** Names in a scheme's expressions besides its parameters, and t, the token, in a layout. */
export const schemeNames = ['P', 'T', 'tokens', 'n', 'b', 'hk', 'g', 'hq', 'd', 'e', 'm', 'Q', 'O', 'L', 'K', 'V', 'sink'] as const;

/** Values of a scheme's names for a case. @param sink true if its gradient is requested. */
export function worldOf(scheme: Scheme, dims: Dims, ranks: number, sink = false, scalars: CaseScalars = {}, mask?: Mask): World {
  const { b, hk, g, m, d, e } = dims;
  const values = new Map<string, number>(Object.entries({ P: ranks, tokens: dims.n, b, hk, g, hq: hk * g, d, e, m, sink: sink ? 1 : 0 }));
  for (const name of scheme.given ?? []) values.set(name, scalars[name] ?? NaN);
  const value = (expression: Expression) => evaluateExpression(expression, (name) => values.get(name) ?? NaN);
  for (const [name, expression] of Object.entries(scheme.parameters ?? {})) values.set(name, value(expression));
  const unit = scheme.uneven === 'any' ? 1 : value(scheme.unit ?? 'P');
  const padded = paddedTokens(scheme, documentLengths(mask, dims.n), unit);
  const n = padded / ranks;
  // queries that are not sharded are complete on their ranks
  const rows = (scheme.queries ?? 'sharded') === 'sharded' ? n : m;
  const sizes = {
    T: padded,
    n,
    Q: b * hk * g * rows * d,
    O: b * hk * g * rows * e,
    L: b * hk * g * rows,
    K: b * hk * n * d,
    V: b * hk * n * e,
  };
  for (const [name, size] of Object.entries(sizes)) values.set(name, size);
  return { scheme, ranks, tokens: dims.n, padded, values };
}

function paddedTokens({ uneven }: Scheme, documents: readonly number[], unit: number): number {
  const padded = (tokens: number) => Math.ceil(tokens / unit) * unit;
  const tokens = documents.reduce((sum, length) => sum + length, 0);
  if (uneven === 'pad-documents') return documents.reduce((sum, length) => sum + padded(length), 0);
  return uneven === 'pad' ? padded(tokens) : tokens;
}

export function valueIn(world: World, expression: Expression): number {
  return evaluateExpression(expression, (name) => world.values.get(name) ?? NaN);
}

/** Reason why the scheme cannot compute this case with this mask; undefined if it can. */
export function unmetNeed(world: World, mask: Mask): string | undefined {
  const { scheme, tokens, values } = world;
  if (scheme.masks !== 'any' && !('name' in mask && scheme.masks.includes(mask.name)))
    return `it is right for the masks ${scheme.masks.join(', ')}, found ${'name' in mask ? mask.name : 'a composed one'}`;
  const sharded = (scheme.queries ?? 'sharded') === 'sharded';
  if (sharded && values.get('m') !== tokens)
    return `queries lie with their tokens: m = n is needed, found m = ${values.get('m')}, n = ${tokens}`;
  const unmet = scheme.needs.find(({ holds }) => valueIn(world, holds) !== 1);
  if (unmet) return unmet.text;
  if (scheme.uneven !== 'refuse') return undefined;
  const unit = valueIn(world, scheme.unit ?? 'P');
  return tokens % unit === 0 ? undefined : `the number of tokens, ${tokens}, is no multiple of ${unit}`;
}

/** Token positions of each rank, ascending, with padding. @throws {RangeError} for a bad rank. */
export function layoutOf(world: World): Positions[][] {
  const { scheme, ranks, padded, values } = world;
  const places: number[][] = Array.from({ length: ranks }, () => []);
  let token = 0;
  const rank = compileTerm(scheme.layout as Expression, {
    constants: values,
    variables: new Map([['t', { bit: 1, read: () => token }]]),
    tables: new Map(),
  });
  for (; token < padded; token++) {
    const owner = rank.evaluate();
    if (!places[owner]) throw new RangeError(`scheme ${scheme.name}: token ${token} of ${padded} lies on rank ${owner} of ${ranks}`);
    places[owner].push(token);
  }
  return places.map(segmentsOf);
}
