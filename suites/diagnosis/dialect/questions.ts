import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { DialectAxis } from '../../../spec/dialect.js';
import type { Rows } from './reading.js';
import type { Wish } from './wish.js';

/** How an axis is asked for. */
export interface Question {
  readonly axis: DialectAxis;
  /** The outputs that may tell. */
  readonly outputs: readonly ('o' | 'lse')[];
  readonly rows: Rows;
  /** One case of each list: the first whose values the oracle can tell apart. */
  readonly ways: readonly (readonly Wish[])[];
  /** One case of each list that a value other than the declared one must fit too, since in the cases of `ways` another fault looks like it. */
  readonly confirmedBy?: readonly (readonly Wish[])[];
  /** Why a kernel with these claims does not have the axis. */
  lacks?(capabilities: FullCapabilities): string | undefined;
}

const visibility = { distribution: 'visibility' } as const;
const normal = { distribution: 'normal' } as const;

const moreQueries = { feature: 'cross', flat: { m: 9, n: 4 } } as const;
const fewerQueries = { feature: 'cross', flat: { m: 4, n: 7 } } as const;

/** Masks that hide something, the plainest first. */
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

/** Sizes at which kernels go another way: whole tiles with a common head size, tiles and a rest, more of them. */
const tiles = { hk: 1, m: 64, n: 64, d: 64, e: 64 } as const;
const rest = { hk: 1, m: 129, n: 129 } as const;
const many = { hk: 1, m: 256, n: 256 } as const;

const sized = (wishes: readonly Wish[], ...flats: NonNullable<Wish['flat']>[]): Wish[][] =>
  flats.map((flat) => wishes.map((wish) => ({ ...wish, flat: { ...wish.flat, ...flat } })));

/** Of two batch entries the first has no keys; else there are more queries than keys. */
const emptyRows: readonly Wish[] = [
  { ...normal, mask: 'padding', flat: { b: 2, keys0: 0, keys1: 6 } },
  ...each(['causal', 'sliding-window'], { ...normal, ...moreQueries }),
  { ...normal, mask: 'sliding-window', flat: { 'parameter0.0': 1, 'parameter0.1': 0 } },
  ...each(hiding, { ...normal, ...moreQueries }),
  ...each(hiding, normal),
];

/** Whole tiles of rows without keys, of batch entries and of queries beyond the keys. */
const manyEmptyRows = [
  ...sized([{ ...normal, mask: 'padding', flat: { b: 2, keys0: 0, keys1: 6 } }], tiles, rest),
  ...sized(each(['causal', 'sliding-window'], { ...normal, feature: 'cross' }), { ...tiles, m: 131 }),
];

const grouped: Wish = { ...visibility, mask: 'full', feature: 'grouped', flat: { hk: 2, g: 2 } };

/** One key and one query of one channel in many heads: features that are nearly 0 leave a denominator as small as its eps. */
const smallDenominators: readonly Wish[] = [0, 1].flatMap((place) =>
  [0, 1, 2, 3].map((seed) => ({
    option: { name: 'eps', place },
    mask: 'full',
    distribution: 'heavy-tailed' as const,
    flat: { b: 4, hk: 8, m: 1, n: 1, d: 1, e: 1, seed },
  })),
);

const withoutLse = ({ outputs }: FullCapabilities) => (outputs.includes('lse') ? undefined : 'it gives no LSE');

/** Every axis but maskedNaN, each after those that its cases may depend on. */
export const questions: readonly Question[] = [
  {
    axis: 'booleanMask',
    outputs: ['o'],
    rows: 'seen',
    // the seed decides whether a mask that may be sent in either form is boolean or added
    ways: [hiding.flatMap((mask) => [0, 1, 2, 3].map((seed) => ({ ...visibility, mask, flat: { seed } })))],
    lacks: ({ denseMask }) => (denseMask === 'boolean' || denseMask === 'both' ? undefined : 'it takes no boolean mask'),
  },
  { axis: 'heads', outputs: ['o'], rows: 'seen', ways: [[grouped]] },
  {
    axis: 'lseBase',
    outputs: ['lse'],
    rows: 'seen',
    ways: [[grouped, ...each(all, visibility)]],
    // where every score is 0, a maximum with log2 Σ exp beside it is an LSE in base 2
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
  { axis: 'emptyOutput', outputs: ['o'], rows: 'empty', ways: [emptyRows, ...manyEmptyRows] },
  { axis: 'emptyLse', outputs: ['lse'], rows: 'empty', ways: [emptyRows, ...manyEmptyRows], lacks: withoutLse },
  { axis: 'lseSink', outputs: ['lse'], rows: 'seen', ways: [each(all, { ...visibility, feature: 'sink' })], lacks: withoutLse },
  { axis: 'alibi', outputs: ['o', 'lse'], rows: 'seen', ways: [each(all, { ...visibility, feature: 'alibi' })] },
  { axis: 'defaultScale', outputs: ['o', 'lse'], rows: 'seen', ways: [each(all, normal)] },
  { axis: 'defaultEps', outputs: ['o'], rows: 'seen', ways: [smallDenominators] },
];

const paddedKeys: Wish = { ...normal, mask: 'padding', flat: { b: 2 } };

/** Keys that no query sees: for maskedNaN. First few keys, then many. */
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
