import type { CheckResult, ErrorStatistics } from '../../spec/types/documents.js';
import { groupBy } from './result.js';
import { shareOf, undecidedShare } from './undecided-share.js';

/** Output of a passed check with more than 1 % of undecided elements. */
export interface UndecidedOutput {
  readonly adapter: string;
  readonly id: string;
  readonly output: string;
  readonly counts: ErrorStatistics;
  readonly share: string;
}

/** Returns the outputs of passed checks with more than 1 % of undecided elements. */
export function undecidedOutputs(checks: readonly CheckResult[]): UndecidedOutput[] {
  return checks
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ adapter, id, error = {} }) =>
      Object.entries(error).flatMap(([output, counts]) => {
        const share = undecidedShare(counts);
        return share === undefined ? [] : [{ adapter, id, output, counts, share }];
      }),
    );
}

/** Writes a line for each adapter and output, with the largest undecided share above 1 %. */
export function undecidedLines(checks: readonly CheckResult[]): string[] {
  return [...groupBy(undecidedOutputs(checks), ({ adapter, output }) => `${adapter} ${output}`).values()].map((found) => {
    const { adapter, output, share, id, counts } = found.reduce((a, b) => (shareOf(b.counts) > shareOf(a.counts) ? b : a));
    const where = found.length === 1 ? id : `${found.length} checks, the most in ${id}`;
    return `${adapter}: ${share} of ${output} undecided, because ${whyUndecided(counts)} (${where})`;
  });
}

export function whyUndecided({ because = [] }: ErrorStatistics): string {
  return because.length === 0 ? 'no finite bound is known' : because.join(', or ');
}
