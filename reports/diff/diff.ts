import type { Result } from '../../spec/types/documents.js';
import { type AccuracyChange, accuracyChanges } from './accuracy.js';
import { type CheckChanges, checkChanges } from './checks.js';
import { type DialectChange, dialectChanges } from './dialects.js';
import { type NumericChange, numericChanges } from './numerics.js';
import { type SpecChange, specChanges } from './specs.js';
import { type TallyChange, tallyChanges } from './tallies.js';

/** Differences between two results. Every list is empty if nothing differs. */
export interface ResultDiff extends CheckChanges {
  /** Ids of adapters that only one of the results has. */
  readonly adapters: { readonly added: readonly string[]; readonly gone: readonly string[] };
  readonly dialects: readonly DialectChange[];
  readonly numerics: readonly NumericChange[];
  readonly tallies: readonly TallyChange[];
  readonly accuracy: readonly AccuracyChange[];
  /** Spec documents whose versions differ, so that the results were judged by different rules. */
  readonly specs: readonly SpecChange[];
  /** Numbers of cases and seeds, if they differ: a failure that only more cases find is not a change of the kernel. */
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
