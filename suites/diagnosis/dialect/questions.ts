import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { DialectAxis } from '../../../spec/dialect.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { Rows } from './reading.js';
import type { Wish } from './wish.js';

/** How an axis is inferred: by which outputs, rows and cases. */
export interface Question {
  readonly axis: DialectAxis;
  readonly outputs: readonly ('o' | 'lse')[];
  readonly rows: Rows;
  readonly ways: readonly (readonly Wish[])[];
  /** Cases that an undeclared value must also fit, as another fault may look like it. */
  readonly confirmedBy?: readonly (readonly Wish[])[];
  lacks?(capabilities: FullCapabilities): string | undefined;
}

const visibility = { distribution: 'visibility' } as const;
const normal = { distribution: 'normal' } as const;

const moreQueries = { feature: 'cross', flat: { m: 9, n: 4 } } as const;
const fewerQueries = { feature: 'cross', flat: { m: 4, n: 7 } } as const;

const hiding = [
  'causal',
  'sliding-window',
  'padding',
  'document',
  'document-causal',
  'prefix-causal',
  'causal-blockwise',
  'block-sparse',
  'global-sliding-window',
  'share-question',
  'prefix-document',
  'block-causal-document',
  'variable-block-sparse',
];
const all = ['full', ...hiding];
const diagonal = ['causal', 'sliding-window', 'global-sliding-window'];

const each = (masks: readonly string[], wish: Omit<Wish, 'mask'>): Wish[] => masks.map((mask) => ({ ...wish, mask }));

/** Sizes with other code paths: whole tiles, tiles and a remainder, more tiles. */
const tiles = { hk: 1, m: 64, n: 64, d: 64, e: 64 } as const;
const rest = { hk: 1, m: 129, n: 129 } as const;
const many = { hk: 1, m: 256, n: 256 } as const;

const sized = (wishes: readonly Wish[], ...flats: NonNullable<Wish['flat']>[]): Wish[][] =>
  flats.map((flat) => wishes.map((wish) => ({ ...wish, flat: { ...wish.flat, ...flat } })));

/** Rows without keys: an empty batch entry, more queries than keys, or another hiding mask. */
const emptyRows: readonly Wish[] = [
  { ...normal, mask: 'padding', flat: { b: 2, keys0: 0, keys1: 6 } },
  ...each(['causal', 'sliding-window'], { ...normal, ...moreQueries }),
  { ...normal, mask: 'sliding-window', flat: { 'parameter0.0': 1, 'parameter0.1': 0 } },
  ...each(hiding, { ...normal, ...moreQueries }),
  ...each(hiding, normal),
];

const manyEmptyRows = [
  ...sized([{ ...normal, mask: 'padding', flat: { b: 2, keys0: 0, keys1: 6 } }], tiles, rest),
  ...sized(each(['causal', 'sliding-window'], { ...normal, feature: 'cross' }), { ...tiles, m: 131 }),
];

/** Two query heads per key head. Windows are left out: their ends are a convention themselves. */
const grouped: readonly Wish[] = each(
  all.filter((mask) => !mask.endsWith('sliding-window')),
  { ...visibility, feature: 'grouped', flat: { hk: 2, g: 2 } },
);

/** One key and channel in many heads: features near 0 make the denominator as small as eps. */
const smallDenominators: readonly Wish[] = [0, 1].flatMap((place) =>
  [0, 1, 2, 3].map((seed) => ({
    option: { name: 'eps', place },
    mask: 'full',
    distribution: 'heavy-tailed' as const,
    flat: { b: 4, hk: 8, m: 1, n: 1, d: 1, e: 1, seed },
  })),
);

const withoutLse = ({ outputs }: FullCapabilities) => (outputs.includes('lse') ? undefined : 'it returns no LSE');

/** Questions about every axis but maskedNaN; each follows the axes it depends on. */
export const questions: readonly Question[] = [
  {
    axis: 'booleanMask',
    outputs: ['o'],
    rows: 'seen',
    // the seed decides whether a mask is sent as boolean or additive when both are claimed
    ways: [hiding.flatMap((mask) => [0, 1, 2, 3].map((seed) => ({ ...visibility, mask, flat: { seed } })))],
    lacks: ({ denseMask }) => (denseMask === 'boolean' || denseMask === 'both' ? undefined : 'it takes no boolean mask'),
  },
  { axis: 'heads', outputs: ['o'], rows: 'seen', ways: [grouped] },
  {
    axis: 'lseBase',
    outputs: ['lse'],
    rows: 'seen',
    ways: [[...grouped, ...each(all, visibility)]],
    // if every score is 0, max + log2 Σ exp looks like an LSE in base 2
    confirmedBy: [each(all, normal)],
    lacks: withoutLse,
  },
  {
    axis: 'causal',
    outputs: ['o', 'lse'],
    rows: 'seen',
    ways: [
      each(diagonal, { ...visibility, ...moreQueries }),
      each(diagonal, { ...visibility, ...fewerQueries }),
      ...sized(each(diagonal, { ...visibility, feature: 'cross' }), { ...tiles, n: 128 }, { ...tiles, m: 128 }, { ...rest, n: 200 }),
    ],
    lacks: ({ masks }) => (diagonal.some((mask) => masks.includes(mask)) ? undefined : 'it takes no mask with a diagonal by name'),
  },
  {
    axis: 'window',
    outputs: ['o', 'lse'],
    rows: 'seen',
    ways: [
      each(['sliding-window', 'global-sliding-window'], visibility),
      ...sized(each(['sliding-window', 'global-sliding-window'], visibility), tiles, rest),
    ],
    lacks: ({ masks }) => (masks.some((mask) => mask.endsWith('sliding-window')) ? undefined : 'it takes no window by name'),
  },
  { axis: 'softcap', outputs: ['o', 'lse'], rows: 'seen', ways: [each(hiding, { ...visibility, feature: 'softcap' })] },
  { axis: 'bias', outputs: ['o', 'lse'], rows: 'seen', ways: [each(all, { ...visibility, together: ['softcap', 'bias'] })] },
  { axis: 'emptyOutput', outputs: ['o'], rows: 'empty', ways: [emptyRows, ...manyEmptyRows] },
  { axis: 'emptyLse', outputs: ['lse'], rows: 'empty', ways: [emptyRows, ...manyEmptyRows], lacks: withoutLse },
  { axis: 'lseSink', outputs: ['lse'], rows: 'seen', ways: [each(all, { ...visibility, feature: 'sink' })], lacks: withoutLse },
  { axis: 'alibi', outputs: ['o', 'lse'], rows: 'seen', ways: [each(all, { ...visibility, feature: 'alibi' })] },
  { axis: 'defaultScale', outputs: ['o', 'lse'], rows: 'seen', ways: [each(all, normal)] },
  { axis: 'defaultEps', outputs: ['o'], rows: 'seen', ways: [smallDenominators] },
];

const paddedKeys: Wish = { ...normal, mask: 'padding', flat: { b: 2 } };

/** Keys hidden from every query, for maskedNaN: a list with few keys, then three with many. */
export const hiddenKeys: readonly (readonly Wish[])[] = [
  [
    paddedKeys,
    ...each(['causal', 'sliding-window'], { ...normal, ...fewerQueries }),
    ...each(hiding, { ...normal, ...fewerQueries }),
    ...each(hiding, normal),
  ],
  ...[tiles, rest, many].map((size) => [
    ...sized([paddedKeys], size).flat(),
    ...sized(each(hiding, { ...normal, feature: 'cross' }), { ...size, n: size.n + 3 }).flat(),
  ]),
];

/** True for plain softmax attention and for operators with an option that a question needs. */
export function isAskedOf(operator: Operator): boolean {
  const wishes = questions.flatMap(({ ways }) => ways.flat());
  return operator.name === plainOperator.name || wishes.some(({ option }) => option && operator.options?.[option.name] !== undefined);
}
