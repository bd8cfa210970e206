import type { OutputStatistics, StatisticsSink } from '../contract/property.js';
import { addSums } from './error-sums.js';

export function noStatistics(): OutputStatistics {
  return { elements: 0, undecided: 0, maxOverBound: 0, histogram: new Array<number>(11).fill(0), maxUlp: 0 };
}

export function mergeStatistics(into: OutputStatistics, from: OutputStatistics): void {
  into.elements += from.elements;
  into.undecided += from.undecided;
  if (from.because) into.because = [...new Set([...(into.because ?? []), ...from.because])].sort();
  into.maxOverBound = Math.max(into.maxOverBound, from.maxOverBound);
  into.maxUlp = Math.max(into.maxUlp, from.maxUlp);
  for (let bin = 0; bin < into.histogram.length; bin++) into.histogram[bin] += from.histogram[bin];
  if (from.errors) into.errors = into.errors ? addSums(into.errors, from.errors) : from.errors;
  if (from.told) {
    const { cases = 0, shares = 0 } = into.told ?? {};
    into.told = { cases: cases + from.told.cases, shares: shares + from.told.shares };
  }
  if (from.zeroSigns) {
    const { hidden = 0, empty = 0 } = into.zeroSigns ?? {};
    into.zeroSigns = { hidden: hidden + from.zeroSigns.hidden, empty: empty + from.zeroSigns.empty };
  }
}

/** Adds up statistics by output. */
export class StatisticsCollector implements StatisticsSink {
  readonly outputs: Record<string, OutputStatistics> = {};

  add(output: string, statistics: OutputStatistics): void {
    this.outputs[output] ??= noStatistics();
    mergeStatistics(this.outputs[output], statistics);
  }
}
