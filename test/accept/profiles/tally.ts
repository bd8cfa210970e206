import type { OutputStatistics } from '../../../suites/contract/property.js';
import { mergeStatistics, noStatistics } from '../../../suites/judging/statistics.js';

/** Tally of the results of a profile's cases. */
export interface Tally {
  cases: number;
  /** Number of passes of a case in which more than a tenth of the elements had no finite bound. */
  undecidedPasses: number;
  violations: number;
  /** First violation, in words. */
  first?: string;
  readonly outputs: Record<string, OutputStatistics>;
}

export function noTally(): Tally {
  return { cases: 0, undecidedPasses: 0, violations: 0, outputs: {} };
}

export function addTally(into: Tally, from: Tally): void {
  into.cases += from.cases;
  into.undecidedPasses += from.undecidedPasses;
  into.violations += from.violations;
  into.first ??= from.first;
  for (const [name, statistics] of Object.entries(from.outputs)) {
    into.outputs[name] ??= noStatistics();
    mergeStatistics(into.outputs[name], statistics);
  }
}
