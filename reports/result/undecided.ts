import { operatorDocuments } from '../../spec/operators/index.js';
import { expanded } from '../../spec/program/macros.js';
import { roundingsOf } from '../../spec/program/roundings.js';
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
  /** Primitives that round in the operator's program; none of an operator that is not built in. */
  readonly roundings: readonly string[];
}

/** Returns every output of passed checks of which more than 1 % was undecided, in the order of the checks. */
export function undecidedOutputs(checks: readonly CheckResult[]): UndecidedOutput[] {
  return checks
    .filter(({ verdict }) => verdict === 'pass')
    .flatMap(({ adapter, id, error = {} }) =>
      Object.entries(error).flatMap(([output, counts]) => {
        const share = undecidedShare(counts);
        return share === undefined ? [] : [{ adapter, id, output, counts, share, roundings: roundingsIn(id) }];
      }),
    );
}

/** For each adapter and output: on what share of the elements passed checks decided nothing, where it is over 1 %, by the check with the most. */
export function undecidedLines(checks: readonly CheckResult[]): string[] {
  return [...groupBy(undecidedOutputs(checks), ({ adapter, output }) => `${adapter} ${output}`).values()].map((found) => {
    const { adapter, output, share, id, roundings } = found.reduce((a, b) => (shareOf(b.counts) > shareOf(a.counts) ? b : a));
    const where = found.length === 1 ? id : `${found.length} checks, the most in ${id}`;
    return `${adapter}: ${share} of ${output} undecided, because ${whyUndecided(roundings)} (${where})`;
  });
}

/** Says why elements are undecided. */
export function whyUndecided(roundings: readonly string[]): string {
  return roundings.length === 0 ? 'no finite bound is known' : `the operator rounds (${roundings.join(', ')}): an error may reach an edge`;
}

function roundingsIn(id: string): readonly string[] {
  const name = id.split('/')[0].split('+')[0];
  const operator = operatorDocuments.find((known) => known.name === name);
  return operator ? roundingsOf(expanded(operator)) : [];
}
