import { simplerHistories } from '../history/smaller.js';
import { counted, counts, type Flat } from '../lib/flat.js';
import type { FlatList } from '../lib/part.js';
import { compositions } from '../mask/compositions.js';
import { fewTokens, otherValues, withFewSizes } from './by-hand.js';
import { simplest, smallerValues, table } from './flat-table.js';
import { parts } from './parts.js';

const lists: readonly FlatList[] = [
  ...parts.flatMap(({ list }) => (list ? [list] : [])),
  ['packs', ['packedQueries', 'packedKeys']],
  ['documents', ['document']],
  ['operations', ['kind', 'sequence', 'count', 'tokens'], ['tokens', 'count']],
];

/** Sizes that a fault may need to be equal, or in product, so that neither can shrink alone. */
const pairs = [
  ['b', 'hk'],
  ['b', 'g'],
  ['hk', 'g'],
  ['n', 'm'],
  ['d', 'e'],
] as const;

/** Index of the causal mask among the drawn masks: the second, after `full`. */
const CAUSAL = 1;
/** Upper bound on the number of masks; a larger index saturates. */
const MASKS = 64;
const COMPLEMENT = compositions.findIndex(({ uses, build }) => uses.length === 1 && 'not' in build(() => ({ name: 'full' })));

const neighbours = (name: string, count: number) =>
  Array.from({ length: count - 1 }, (_, i) => [`${name}${i}`, `${name}${i + 1}`] as [string, string]);

/** Pairs of fields that may be exchanged, each with pairs that are exchanged with it. */
const exchangeable: readonly (readonly [string, string, ...(readonly [string, string])[]])[] = [
  ['b', 'hk'],
  ['b', 'g'],
  ['n', 'm'],
  ['d', 'e'],
  ...neighbours('keys', counts.keys),
  ...neighbours('sequence', counts.operations),
  ...neighbours('sequence', counts.operations).map(
    ([here, next], i) => [here, next, ...['kind', 'count', 'tokens'].map((of) => [`${of}${i}`, `${of}${i + 1}`] as const)] as const,
  ),
  ...Array.from({ length: counts.packs }, (_, i) => [`packedKeys${i}`, `packedQueries${i}`] as const),
];

const maskPairs: typeof exchangeable = neighbours('mask', counts.masks).map(
  ([here, next], i) =>
    [
      here,
      next,
      ...Array.from({ length: counts.slots }, (_, slot) => [`parameter${i}.${slot}`, `parameter${i + 1}.${slot}`] as const),
    ] as const,
);

/** Smaller flat case, and the index of its smaller field. `drawn` marks a case before any step. */
export interface Smaller {
  readonly flat: Flat;
  readonly field: number;
  readonly drawn?: true;
}

/**
 * Smaller flat cases. A drawn case of a scheme starts with few tokens, and a production case with
 * few large sizes. Single fields shrink before combinations.
 * @param field index of the field to try first: the field that shrank last may shrink further,
 * while earlier fields most likely cannot.
 * @param ranks number of ranks of a case for a scheme.
 */
export function* smaller({ flat, field: from, drawn }: Smaller, ranks?: number): Generator<Smaller> {
  if (drawn && ranks !== undefined) for (const few of fewTokens(flat, ranks)) yield { flat: few, field: 0 };
  if (drawn && flat.production > 0) for (const few of withFewSizes(flat)) yield { flat: few, field: 0 };
  for (let at = 0; at < table.length; at++) {
    const field = (from + at) % table.length;
    const [name] = table[field];
    for (const value of smallerValues(table[field], flat[name])) yield { flat: { ...flat, [name]: value }, field };
  }
  for (const together of [
    shorterLists(flat),
    withoutDocument(flat),
    smallerPairs(flat),
    withoutEntry(flat),
    exchanged(flat),
    otherMasks(flat),
    ...parts.map((part) => part.smaller?.(flat) ?? []),
    simplerHistories(flat),
    otherValues(flat),
  ])
    for (const other of together) yield { flat: other, field: 0 };
}

function* withoutDocument(flat: Flat): Generator<Flat> {
  for (let i = 0; i < flat.packs; i++) {
    const [m, n] = [flat.m - flat[`packedQueries${i}`], flat.n - flat[`packedKeys${i}`]];
    if (m > 0 && n > 0) yield { ...without(flat, 'packs', ['packedQueries', 'packedKeys'], i), m, n };
  }
}

function* shorterLists(flat: Flat): Generator<Flat> {
  for (const [count, items, sums = []] of lists) {
    for (let i = 0; i < flat[count] - 1; i++) {
      yield without(flat, count, items, i);
      for (const sum of sums) {
        const both = { [`${sum}${i}`]: flat[`${sum}${i}`] + flat[`${sum}${i + 1}`] };
        yield { ...without(flat, count, items, i), ...both };
        yield { ...without(flat, count, items, i + 1), ...both };
      }
    }
  }
}

function* smallerPairs(flat: Flat): Generator<Flat> {
  if (flat.hk > 1) yield { ...flat, hk: 1, g: flat.hk * flat.g };
  for (const [x, y] of pairs) {
    for (const size of [1, 2, 3]) if (size < Math.min(flat[x], flat[y])) yield { ...flat, [x]: size, [y]: size };
    if (flat[x] > 1 && flat[y] > 1) yield { ...flat, [x]: flat[x] - 1, [y]: flat[y] - 1 };
  }
}

function* withoutEntry(flat: Flat): Generator<Flat> {
  if (flat.b === 1) return;
  const keys = Array.from({ length: counts.keys - 1 }, (_, i) => [`keys${i}`, flat[`keys${i + 1}`]]);
  const rest: Flat = { ...flat, b: flat.b - 1, ...Object.fromEntries(keys) };
  yield rest;
  for (const heads of ['hk', 'g']) if (flat[heads] > 1) yield { ...rest, [heads]: flat[heads] - 1 };
}

const firstParameters: (typeof exchangeable)[number] = ['parameter0.0', 'parameter0.1'];

/** Exchanges two fields so that the later one is larger: all searches end in the same case. */
function* exchanged(flat: Flat): Generator<Flat> {
  for (const pair of [...exchangeable, ...maskPairs]) if (flat[pair[0]] > flat[pair[1]]) yield exchange(flat, pair);
  if (flat.n === 1) return;
  for (const pair of [...maskPairs, firstParameters]) if (flat[pair[0]] !== flat[pair[1]]) yield { ...exchange(flat, pair), n: flat.n - 1 };
}

function exchange(flat: Flat, [x, y, ...others]: (typeof exchangeable)[number]): Flat {
  return [[x, y] as const, ...others].reduce((other, [a, b]) => swap(other, a, b), flat);
}

function swap(flat: Flat, x: string, y: string): Flat {
  return { ...flat, [x]: flat[y], [y]: flat[x] };
}

function* otherMasks(flat: Flat): Generator<Flat> {
  const options = counted('option', counts.options).filter((name) => flat[name] > 0);
  if (options.length > 0) yield { ...flat, ...Object.fromEntries(options.map((name) => [name, 0])), mask0: CAUSAL };
  for (let mask0 = CAUSAL + 1; flat.n > 1 && mask0 < flat.mask0; mask0++) yield { ...flat, mask0, documents: 1, document0: flat.n >> 1 };
  yield* otherCompositions(flat);
}

/**
 * Tries one query that does not see its key; and instead of a composition, a complement or any mask
 * alone. So masks that hide the same keys of a small case end in one case.
 */
function* otherCompositions(flat: Flat): Generator<Flat> {
  if (flat.composition < COMPLEMENT && flat.mask0 > 0 && (flat.n > 1 || flat.m > 1))
    yield { ...flat, composition: COMPLEMENT, mask0: 0, n: 1, m: 1 };
  if (flat.composition > COMPLEMENT) {
    yield { ...flat, composition: COMPLEMENT };
    for (const pair of maskPairs) yield { ...exchange(flat, pair), composition: COMPLEMENT };
  }
  if (flat.composition < COMPLEMENT) return;
  const parameters = Object.fromEntries(counted('parameter0.', counts.slots).map((name) => [name, 0]));
  for (let mask0 = CAUSAL + 1; mask0 < MASKS; mask0++) yield { ...flat, ...parameters, composition: 0, mask0 };
}

function without(flat: Flat, count: string, items: readonly string[], index: number): Flat {
  const last = flat[count] - 1;
  const shorter: Record<string, number> = { ...flat, [count]: last };
  for (const item of items) {
    for (let i = index; i < last; i++) shorter[`${item}${i}`] = flat[`${item}${i + 1}`];
    shorter[`${item}${last}`] = simplest[`${item}${last}`];
  }
  return shorter;
}
