import type { ProfileTally, Result } from '../../spec/types/documents.js';
import { describeTally } from '../result/result.js';
import { type AccuracyChange, accuracyChanges, type NumericChange, numericChanges } from './accuracy.js';
import { adapterPairs } from './adapters.js';
import { type CheckChanges, checkChanges } from './checks.js';

/** Differences between two results; every list may be empty. */
export interface ResultDiff extends CheckChanges {
  readonly adapters: { readonly added: readonly string[]; readonly gone: readonly string[] };
  readonly dialects: readonly DialectChange[];
  readonly numerics: readonly NumericChange[];
  readonly tallies: readonly TallyChange[];
  readonly accuracy: readonly AccuracyChange[];
  /** Spec documents with other versions, and so with other rules. */
  readonly specs: readonly SpecChange[];
  /** Numbers of cases and seeds, if they differ: more cases find more failures. */
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

interface DialectChange {
  readonly adapter: string;
  readonly axis: string;
  readonly old: string;
  readonly now: string;
}

function dialectChanges(old: Result, now: Result): DialectChange[] {
  return adapterPairs(old, now).flatMap(({ id, old: before, now: after }) =>
    Object.entries(before.dialect).flatMap(([axis, { value }]) => {
      const other = Object.hasOwn(after.dialect, axis) ? after.dialect[axis].value : value;
      return other === value ? [] : [{ adapter: id, axis, old: value, now: other }];
    }),
  );
}

interface SpecChange {
  readonly document: string;
  readonly old?: string;
  readonly now?: string;
  readonly major: boolean;
}

function specChanges(old: Result, now: Result): SpecChange[] {
  const documents = [...new Set([...Object.keys(old.spec), ...Object.keys(now.spec)])];
  return documents.flatMap((document) => {
    const [a, b] = [old, now].map(({ spec }) => (Object.hasOwn(spec, document) ? spec[document] : undefined));
    if (a === b) return [];
    const major = a !== undefined && b !== undefined && a.split('.')[0] !== b.split('.')[0];
    return [{ document, ...(a !== undefined && { old: a }), ...(b !== undefined && { now: b }), major }];
  });
}

interface TallyChange {
  readonly profile: string;
  readonly adapter: string;
  readonly old: string;
  readonly now: string;
}

function tallyChanges(old: Result, now: Result): TallyChange[] {
  return now.profiles.flatMap((tally) => {
    const before = old.profiles.find(({ name, adapter }) => name === tally.name && adapter === tally.adapter);
    if (!before) return [];
    const [a, b] = [before, tally].map((t: ProfileTally) => describeTally(t, 0));
    return a === b ? [] : [{ profile: tally.name, adapter: tally.adapter, old: a, now: b }];
  });
}
