import { type NumericProfile, resolveNumeric } from '../../spec/numeric/profile.js';
import type { AdapterResult, DType, Result } from '../../spec/types/documents.js';
import { adapterPairs } from './adapters.js';

/** A line of the numeric profile by which an adapter's errors are bounded, now another than before. */
export interface NumericChange {
  readonly adapter: string;
  readonly dtype: DType;
  /** As the capabilities name it. */
  readonly key: string;
  readonly old: string;
  readonly now: string;
  /** Allows larger errors than before. A different tile moves the bound one way or the other, with the number of keys. */
  readonly looser: boolean;
}

interface Line {
  readonly key: string;
  /** How it is written. */
  text(profile: NumericProfile): string;
  /** The more, the larger the errors that it allows; none where that depends on the case. */
  rank?(profile: NumericProfile): number;
}

const storedOr = (key: string, stored: (p: NumericProfile) => boolean): Line => ({
  key,
  text: (p) => (stored(p) ? 'storage' : 'accumulate'),
  rank: (p) => Number(stored(p)),
});
const flag = (key: 'prescaledQ' | 'flushToZero'): Line => ({ key, text: (p) => String(p[key]), rank: (p) => Number(p[key]) });

const lines: readonly Line[] = [
  { key: 'accumulate', text: (p) => p.accumulate, rank: (p) => p.a },
  storedOr('scores', (p) => p.scoresStored),
  storedOr('probabilities', (p) => p.probabilitiesStored),
  storedOr('scoreGradients', (p) => p.scoreGradientsStored),
  { key: 'products', text: (p) => (p.tf32 ? 'tf32' : 'exact'), rank: (p) => Number(p.tf32) },
  { key: 'exp', text: (p) => String(p.exp), rank: (p) => p.exp },
  { key: 'tile', text: (p) => String(p.tile) },
  flag('prescaledQ'),
  storedOr('partials', (p) => p.partialsStored),
  flag('flushToZero'),
];

export function numericChanges(old: Result, now: Result): NumericChange[] {
  return adapterPairs(old, now).flatMap(({ id, old: before, now: after }) => {
    const dtypes = dtypesOf(before).filter((dtype) => dtypesOf(after).includes(dtype));
    return dtypes.flatMap((dtype) => {
      const [a, b] = [before, after].map(({ capabilities }) => resolveNumeric(dtype, capabilities?.numeric));
      return lines
        .filter(({ text }) => text(a) !== text(b))
        .map(({ key, text, rank }) => ({
          adapter: id,
          dtype,
          key,
          old: text(a),
          now: text(b),
          looser: rank !== undefined && rank(b) > rank(a),
        }));
    });
  });
}

function dtypesOf({ capabilities }: AdapterResult): readonly DType[] {
  return capabilities?.dtypes ?? [];
}
