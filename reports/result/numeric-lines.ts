import type { NumericProfile } from '../../spec/numeric/profile.js';

/** Line of a numeric profile, from which error bounds are derived. */
export interface NumericLine {
  readonly key: string;
  text(profile: NumericProfile): string;
  /** Ranks the line by the errors that it allows; absent if that depends on the case. */
  rank?(profile: NumericProfile): number;
}

const storedOr = (key: string, stored: (p: NumericProfile) => boolean): NumericLine => ({
  key,
  text: (p) => (stored(p) ? 'storage' : 'accumulate'),
  rank: (p) => Number(stored(p)),
});
const flag = (key: 'prescaledQ' | 'flushToZero'): NumericLine => ({ key, text: (p) => String(p[key]), rank: (p) => Number(p[key]) });

export const numericLines: readonly NumericLine[] = [
  { key: 'accumulate', text: (p) => p.accumulate, rank: (p) => p.a },
  storedOr('scores', (p) => p.scoresStored),
  storedOr('probabilities', (p) => p.probabilitiesStored),
  storedOr('scoreGradients', (p) => p.scoreGradientsStored),
  { key: 'products', text: (p) => (p.tf32 ? 'tf32' : 'exact'), rank: (p) => Number(p.tf32) },
  { key: 'exp', text: (p) => String(p.exp), rank: (p) => p.exp },
  { key: 'tile', text: (p) => String(p.tile) },
  flag('prescaledQ'),
  storedOr('partials', (p) => p.partialsStored),
  {
    key: 'merge',
    text: (p) => p.merge?.form ?? 'none',
    rank: (p) => ['none', 'weighted', 'difference'].indexOf(p.merge?.form ?? 'none'),
  },
  flag('flushToZero'),
];
