import type { CheckResult, ErrorStatistics } from '../../spec/types/documents.js';
import { groupBy } from './result.js';
import { shareOf, undecidedShare } from './undecided-share.js';

/** For each adapter and output: on what share of the elements passed checks decided nothing, where it is over 1 %, by the check with the most. */
export function undecidedLines(checks: readonly CheckResult[]): string[] {
  const all = checks
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ adapter, id, error = {} }) => Object.entries(error).map(([output, counts]) => ({ adapter, id, output, counts })))
    .filter(({ counts }) => undecidedShare(counts) !== undefined);
  return [...groupBy(all, ({ adapter, output }) => `${adapter} ${output}`).values()].map((found) => {
    const share = ({ counts }: { readonly counts: ErrorStatistics }) => shareOf(counts);
    const { adapter, output, counts, id } = found.reduce((a, b) => (share(b) > share(a) ? b : a));
    const where = found.length === 1 ? id : `${found.length} checks, the most in ${id}`;
    return `${adapter}: ${undecidedShare(counts)} of ${output} undecided, because no finite bound is known (${where})`;
  });
}
