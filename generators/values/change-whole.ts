import { hashOf } from '../../spec/lib/hash.js';
import { queryOffset } from '../../spec/mask/query-offset.js';
import { flatAxesOf, type InputFacts } from '../../spec/operator/facts.js';
import { placeAlong, sizeOf } from '../../spec/tensor/tensor.js';
import type { Case, Fill, LaterTokens, PartOfInputs, Permutation, PlantedScore } from '../../spec/types/documents.js';
import { codeFor, otherValue } from './input-domain.js';
import { scaleOf } from './scale.js';

type Described = Pick<InputFacts, 'kind' | 'draw' | 'of' | 'format' | 'packed'> & { readonly axes?: readonly string[] };

/** Applies a change of whole inputs to one input, in place. Cotangents are no inputs, and stay. */
export function changeWhole(
  c: Case,
  name: string,
  shape: readonly number[],
  data: Float64Array,
  facts: Described,
  change: Fill | PartOfInputs | Permutation | LaterTokens | PlantedScore,
): void {
  if (!facts.axes) return;
  if ('fill' in change) {
    if (change.fill === name) data.fill(facts.kind === 'code' ? codeFor(change.with, facts) : change.with);
  } else if ('part' in change) {
    if (change.of.includes(name)) for (let i = 0; i < data.length; i++) if (hashOf(c.values.seed, 51, i) % 2 !== change.part) data[i] = 0;
  } else if ('permute' in change) {
    if (change.permute.includes(name)) permute(data, c, facts.axes, change.along);
  } else if ('plant' in change) {
    plantScore(c, name, shape, data, facts, change);
  } else changeLater(c, shape, data, facts, change.later);
}

function permutedOrder(size: number, seed: number): number[] {
  const places = Array.from({ length: size }, (_, place) => place);
  return places.sort((x, y) => hashOf(seed, 52, x) - hashOf(seed, 52, y) || x - y);
}

/**
 * Maps each element to its source under a permutation of an axis; undefined if it lacks the axis.
 * Query heads are the axes hk and g, in the order of the dialect.
 */
export function permutedFrom(
  { dims, dialect, values }: Case,
  axes: readonly string[],
  along: string,
): ((at: number) => number) | undefined {
  const ordered = dialect?.heads === 'tiled' ? tiled(axes) : axes;
  const axis = ordered.indexOf(along);
  if (axis < 0) return undefined;
  const order = permutedOrder(dims[along], values.seed);
  const shape = ordered.map((name) => dims[name]);
  const step = sizeOf(shape.slice(axis + 1));
  const placeOf = placeAlong(shape, axis);
  return (at) => {
    const place = placeOf(at);
    return at + (order[place] - place) * step;
  };
}

function tiled(axes: readonly string[]): string[] {
  return axes.map((axis, i) => (axis === 'hk' && axes[i + 1] === 'g' ? 'g' : axis === 'g' && axes[i - 1] === 'hk' ? 'hk' : axis));
}

function permute(data: Float64Array, c: Case, axes: readonly string[], along: string): void {
  const from = permutedFrom(c, axes, along);
  const before = data.slice();
  if (from) for (let at = 0; at < data.length; at++) data[at] = before[from(at)];
}

/** First query at the position of key `later` or after it. */
export function firstLaterQuery({ dims, dialect }: Case, later: number): number {
  return Math.max(0, later - queryOffset(dialect?.causal ?? 'bottom-right', dims.m, dims.n));
}

function changeLater(c: Case, shape: readonly number[], data: Float64Array, facts: Described, later: number): void {
  const axes = flatAxesOf(facts.axes as readonly string[]);
  const firsts = axes.map((axis) => (axis === 'n' ? later : axis === 'm' ? firstLaterQuery(c, later) : Infinity));
  if (!firsts.some(Number.isFinite)) return;
  const size = facts.of === undefined ? 1 : c.dims[facts.of];
  const places = axes.map((_, axis) => placeAlong(shape, axis));
  for (let at = 0; at < data.length; at++)
    if (firsts.some((first, axis) => places[axis](at) >= first)) data[at] = otherValue(data[at], facts, size, at % shape[shape.length - 1]);
}

function plantScore(c: Case, name: string, shape: readonly number[], data: Float64Array, facts: Described, change: PlantedScore): void {
  const width = shape[shape.length - 1];
  if (name === 'q') for (let at = 0; at < data.length; at++) data[at] = (at + 1) % width === 0 ? change.plant / scaleOf(c) : 0;
  if (name !== change.of) return;
  const keyAt = placeAlong(shape, (facts.axes as readonly string[]).indexOf('n'));
  for (let at = 0; at < data.length; at++) {
    const value = keyAt(at) === change.key ? 1 : 0;
    data[at] = facts.kind === 'code' ? codeFor(value, facts) : value;
  }
}
