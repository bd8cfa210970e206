import type { AccuracyWarning, CheckResult } from '../../spec/types/documents.js';
import { groupBy } from './result.js';

/** Worst of `checks` warnings of an adapter, output and kind. */
export interface WorstWarning extends AccuracyWarning {
  readonly adapter: string;
  readonly id: string;
  readonly checks: number;
}

/** Returns the worst warning for each adapter, output and kind. */
export function worstWarnings(checks: readonly CheckResult[]): WorstWarning[] {
  const all = checks.flatMap(({ adapter, id, warnings = [] }) => warnings.map((warning) => ({ ...warning, adapter, id })));
  return [...groupBy(all, ({ adapter, output, kind }) => `${adapter} ${kind} of ${output}`).values()].map((found) => ({
    ...found.reduce((a, b) => (Math.abs(b.ratio) > Math.abs(a.ratio) ? b : a)),
    checks: found.length,
  }));
}
