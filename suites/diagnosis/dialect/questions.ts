import type { FullCapabilities } from '../../../spec/claims/capabilities.js';
import type { DialectAxis } from '../../../spec/dialect.js';
import { plainOperator } from '../../../spec/operators/plain.js';
import type { Operator } from '../../../spec/types/documents.js';
import type { Rows } from './reading.js';
import type { Wish } from './wish.js';

/** Question about an axis: outputs, rows and cases by which its value is inferred. */
export interface Question {
  readonly axis: DialectAxis;
  /** Outputs that may tell the values apart. */
  readonly outputs: readonly ('o' | 'lse')[];
  readonly rows: Rows;
  /** Lists of cases. Of each list, the first case is used on which the oracle can tell the values apart. */
  readonly ways: readonly (readonly Wish[])[];
  /**
   * Lists of cases, one case of each, that a value other than the declared one must also fit, because in the cases of `ways` another fault
   * looks like it.
   */
  readonly confirmedBy?: readonly (readonly Wish[])[];
  /** Reason why a kernel with these claims does not have the axis. */
  lacks?(capabilities: FullCapabilities): string | undefined;
}

const visibility = { distribution: 'visibility' } as const;
const normal = { distribution: 'normal' } as const;

const moreQueries = { feature: 'cross', flat: { m: 9, n: 4 } } as const;
const fewerQueries = { feature: 'cross', flat: { m: 4, n: 7 } } as const;

/** Names of masks that hide some keys, the simplest first. */
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

/** Sizes at which kernels take other code paths: whole tiles with a common head size, tiles and a remainder, more tiles. */
const tiles = { hk: 1, m: 64, n: 64, d: 64, e: 64 } as const;
const rest = { hk: 1, m: 129, n: 129 } as const;
const many = { hk: 1, m: 256, n: 256 } as const;

const sized = (wishes: readonly Wish[], ...flats: NonNullable<Wish['flat']>[]): Wish[][] =>
  flats.map((flat) => wishes.map((wish) => ({ ...wish, flat: { ...wish.flat, ...flat } })));

/** Cases with rows without keys: the first of two batch entries has no keys, or there are more queries than keys, or others. */
const emptyRows: readonly Wish[] = [
  { ...normal, mask: 'padding', flat: { b: 2, keys0: 0, keys1: 6 } },
  ...each(['causal', 'sliding-window'], { ...normal, ...moreQueries }),
  { ...normal, mask: 'sliding-window', flat: { 'parameter0.0': 1, 'parameter0.1': 0 } },
  ...each(hiding, { ...normal, ...moreQueries }),
  ...each(hiding, normal),
];

/** Cases with whole tiles of rows without keys: batch entries without keys, or queries beyond the keys. */
const manyEmptyRows = [
  ...sized([{ ...normal, mask: 'padding', flat: { b: 2, keys0: 0, keys1: 6 } }], tiles, rest),
  ...sized(each(['causal', 'sliding-window'], { ...normal, feature: 'cross' }), { ...tiles, m: 131 }),
];

/** Cases of two heads for each key head. What a window hides is a convention itself. */
const grouped: readonly Wish[] = each(
  all.filter((mask) => !mask.endsWith('sliding-window')),
  { ...visibility, feature: 'grouped', flat: { hk: 2, g: 2 } },
);

/** Cases with one key and one query of one channel in many heads. Features that are nearly 0 make a denominator as small as its eps. */
const smallDenominators: readonly Wish[] = [0, 1].flatMap((place) =>
  [0, 1, 2, 3].map((seed) => ({
    option: { name: 'eps', place },
    mask: 'full',
    distribution: 'heavy-tailed' as const,
    flat: { b: 4, hk: 8, m: 1, n: 1, d: 1, e: 1, seed },
  })),
);

const withoutLse = ({ outputs }: FullCapabilities) => (outputs.includes('lse') ? undefined : 'it gives no LSE');

/** Questions about every axis but maskedNaN, each after those on which its cases may depend. */
export const questions: readonly Question[] = [
  {
    axis: 'booleanMask',
    outputs: ['o'],
    rows: 'seen',
    // the seed decides whether a mask that may be sent in either form is boolean or added
    ways: [hiding.flatMap((mask) => [0, 1, 2, 3].map((seed) => ({ ...visibility, mask, flat: { seed } })))],
    lacks: ({ denseMask }) => (denseMask === 'boolean' || denseMask === 'both' ? undefined : 'it takes no boolean mask'),
  },
  { axis: 'heads', outputs: ['o'], rows: 'seen', ways: [grouped] },
  {
    axis: 'lseBase',
    outputs: ['lse'],
    rows: 'seen',
    ways: [[...grouped, ...each(all, visibility)]],
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
  { axis: 'bias', outputs: ['o', 'lse'], rows: 'seen', ways: [each(all, { ...visibility, together: ['softcap', 'bias'] })] },
  { axis: 'emptyOutput', outputs: ['o'], rows: 'empty', ways: [emptyRows, ...manyEmptyRows] },
  { axis: 'emptyLse', outputs: ['lse'], rows: 'empty', ways: [emptyRows, ...manyEmptyRows], lacks: withoutLse },
  { axis: 'lseSink', outputs: ['lse'], rows: 'seen', ways: [each(all, { ...visibility, feature: 'sink' })], lacks: withoutLse },
  { axis: 'alibi', outputs: ['o', 'lse'], rows: 'seen', ways: [each(all, { ...visibility, feature: 'alibi' })] },
  { axis: 'defaultScale', outputs: ['o', 'lse'], rows: 'seen', ways: [each(all, normal)] },
  { axis: 'defaultEps', outputs: ['o'], rows: 'seen', ways: [smallDenominators] },
];

const paddedKeys: Wish = { ...normal, mask: 'padding', flat: { b: 2 } };

/** Cases with keys that no query sees, for maskedNaN. The first list has few keys, the others have many. */
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

/** Tells whether some question may be answered by a call of an operator: of plain softmax attention, or of one with an option that a question is about. */
export function isAskedOf(operator: Operator): boolean {
  const wishes = questions.flatMap(({ ways }) => ways.flat());
  return operator.name === plainOperator.name || wishes.some(({ option }) => option && operator.options?.[option.name] !== undefined);
}
