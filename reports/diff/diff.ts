import type { Result } from '../../spec/types/documents.js';
import { type AccuracyChange, accuracyChanges } from './accuracy.js';
import { type CheckChanges, checkChanges } from './checks.js';
import { type DialectChange, dialectChanges } from './dialects.js';
import { type NumericChange, numericChanges } from './numerics.js';
import { type SpecChange, specChanges } from './specs.js';
import { type TallyChange, tallyChanges } from './tallies.js';

/** What differs between two results. Every list is empty where nothing does. */
export interface ResultDiff extends CheckChanges {
  /** Adapters of one of the results only. */
  readonly adapters: { readonly added: readonly string[]; readonly gone: readonly string[] };
  readonly dialects: readonly DialectChange[];
  readonly numerics: readonly NumericChange[];
  readonly tallies: readonly TallyChange[];
  readonly accuracy: readonly AccuracyChange[];
  /** Spec documents of another version: the results were judged by other rules. */
  readonly specs: readonly SpecChange[];
  /** The number of cases and the seed, where they are others: what only more cases find is no change of the kernel. */
  readonly drawn: { readonly runs?: readonly [number, number]; readonly seed?: readonly [number, number] };
}

/** Compares two results, check by check of the same adapter and id. */
export function diffResults(old: Result, now: Result): ResultDiff {
  const [before, after] = [old, now].map(({ adapters }) => adapters.map(({ id }) => id));
  return {
    ...checkChanges(old, now),
    adapters: { added: after.filter((id) => !before.includes(id)), gone: before.filter((id) => !after.includes(id)) },
    dialects: dialectChanges(old, now),
    numerics: numericChanges(old, now),
    tallies: tallyChanges(old, now),
    accuracy: accuracyChanges(old, now),
    specs: specChanges(old, now),
    drawn: {
      ...(old.plan.runs !== now.plan.runs && { runs: [old.plan.runs, now.plan.runs] as const }),
      ...(old.seed !== now.seed && { seed: [old.seed, now.seed] as const }),
    },
  };
}
