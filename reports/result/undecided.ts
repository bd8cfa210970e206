import type { CheckResult, ErrorStatistics } from '../../spec/types/documents.js';
import { groupBy } from './result.js';
import { shareOf, undecidedShare } from './undecided-share.js';

/** An output of a passed check of which more than 1 % was undecided. */
export interface UndecidedOutput {
  readonly adapter: string;
  readonly id: string;
  readonly output: string;
  readonly counts: ErrorStatistics;
  /** Share as text: "3.2 %". */
  readonly share: string;
}

/** Returns every output of passed checks of which more than 1 % was undecided, in the order of the checks. */
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

/** For each adapter and output: on what share of the elements passed checks decided nothing, where it is over 1 %, by the check with the most. */
export function undecidedLines(checks: readonly CheckResult[]): string[] {
  return [...groupBy(undecidedOutputs(checks), ({ adapter, output }) => `${adapter} ${output}`).values()].map((found) => {
    const { adapter, output, share, id, counts } = found.reduce((a, b) => (shareOf(b.counts) > shareOf(a.counts) ? b : a));
    const where = found.length === 1 ? id : `${found.length} checks, the most in ${id}`;
    return `${adapter}: ${share} of ${output} undecided, because ${whyUndecided(counts)} (${where})`;
  });
}

/** Says why elements are undecided. */
export function whyUndecided({ because = [] }: ErrorStatistics): string {
  return because.length === 0 ? 'no finite bound is known' : because.join(', or ');
}
