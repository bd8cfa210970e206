import type { ErrorStatistics } from '../../../spec/types/documents.js';
import type { OutputStatistics } from '../../contract/property.js';
import { toJsonNumber } from '../../judging/json-number.js';
import { mergeStatistics, noStatistics } from '../../judging/statistics.js';

/** Statistics by output. */
export type Statistics = Record<string, OutputStatistics>;

/** Adds the statistics of a batch. */
export function addStatistics(into: Statistics, from: Statistics): void {
  for (const [output, statistics] of Object.entries(from)) {
    into[output] ??= noStatistics();
    mergeStatistics(into[output], statistics);
  }
}

export function addCounts(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [label, count] of Object.entries(from)) into[label] = (into[label] ?? 0) + count;
}

/** Returns the statistics in the form of the result document, sorted by output. */
export function reportStatistics(statistics: Statistics): Record<string, ErrorStatistics> {
  const outputs = Object.keys(statistics).sort();
  return Object.fromEntries(
    outputs.map((output) => {
      const { errors: _, zeroSigns: __, told: ___, ...s } = statistics[output];
      return [output, { ...s, maxOverBound: toJsonNumber(s.maxOverBound), maxUlp: toJsonNumber(s.maxUlp) }];
    }),
  );
}

export function sortedCounts(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
