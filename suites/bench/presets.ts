import type { SpecLibrary } from '../../spec/spec-library.js';
import type { TimeBudget } from './measure.js';
import type { Sweep } from './problems.js';

/** Problems to time, before flags change them. */
export interface Preset {
  readonly title: string;
  sweep(library: SpecLibrary): Omit<Sweep, 'operator' | 'seed' | 'schemes' | 'ranks' | 'transport'>;
  /** Milliseconds per candidate and problem. */
  readonly time: number;
  /** Fewest timed calls; absent: 12. */
  readonly fewest?: number;
}

function masksOfLongca({ masks }: SpecLibrary): string[] {
  return [...masks.values()].flatMap(({ name, source = [] }) => (source.some(({ title }) => title === 'LongCA-bench') ? name : []));
}

export const presets = {
  quick: {
    title: 'full and causal at 256 and 1,024 tokens, f32, forward; under a minute for the built-in backends on a CPU',
    sweep: () => ({
      masks: ['full', 'causal'],
      lengths: [256, 1024],
      dtypes: ['f32'],
      passes: ['forward'],
      sizes: { b: 1, hk: 2, g: 2, d: 64 },
    }),
    time: 1000,
  },
  longca: {
    title:
      'the masks of LongCA-bench (arXiv 2510.17896), scaled down: 8 query heads and 1 key head for its 64 and 8, of size 128 as there, at most 2,048 tokens for its 49,152, f32',
    sweep: (library) => ({
      masks: masksOfLongca(library),
      lengths: [512, 1024, 2048],
      dtypes: ['f32'],
      passes: ['forward', 'backward'],
      sizes: { b: 1, hk: 1, g: 8, d: 128 },
    }),
    time: 1000,
  },
  'longca-full': {
    title:
      'the same masks at the sizes of LongCA-bench: 64 query and 8 key heads of 128, 1K to 48K tokens, windows of 1,024, documents of its lengths, bf16 (f32 for kernels that do not claim it); set a --budget, and --length for further lengths',
    sweep: (library) => ({
      masks: masksOfLongca(library),
      lengths: [1, 2, 4, 8, 16, 32, 48].map((x) => 1024 * x),
      dtypes: ['bf16'],
      otherwise: 'f32',
      passes: ['forward', 'backward'],
      sizes: { b: 1, hk: 8, g: 8, d: 128 },
      // two of the fourteen masks are a one-sided and a two-sided window
      parameters: { left: [1024], right: [0, 1024], window: [1024] },
      lengthsOf: 'source',
    }),
    time: 1000,
    fewest: 3,
  },
  sweep: {
    title: 'four masks from 128 to 4,096 tokens, f32 and f16, forward and backward',
    sweep: () => ({
      masks: ['full', 'causal', 'sliding-window', 'document-causal'],
      lengths: [128, 256, 512, 1024, 2048, 4096],
      dtypes: ['f32', 'f16'],
      passes: ['forward', 'backward'],
      sizes: { b: 1, hk: 2, g: 2, d: 64 },
    }),
    time: 500,
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

/** Calls of a candidate: enough for a median and its interval. */
export function budgetOf(time: number, samples: number | undefined, fewest = 12): TimeBudget {
  return samples === undefined ? { time, fewest, most: 200 } : { time, fewest: samples, most: samples };
}
