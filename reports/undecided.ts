import type { CheckResult } from '../spec/types/documents.js';
import { groupBy } from './result.js';

/** Share of the elements above which it is said that nothing was decided on them. */
const WORTH_SAYING = 0.01;

/** An output of which a passed check left more than one element in a hundred undecided. */
interface Undecided {
  readonly adapter: string;
  readonly id: string;
  readonly output: string;
  readonly share: number;
}

/** For each adapter and output: on what share of the elements passed checks decided nothing, the largest first named. */
export function undecidedLines(checks: readonly CheckResult[]): string[] {
  const all = checks.filter(({ verdict }) => verdict === 'pass').flatMap(undecidedOf);
  return [...groupBy(all, ({ adapter, output }) => `${adapter} ${output}`).values()].map((found) => {
    const { adapter, output, share, id } = found.reduce((a, b) => (b.share > a.share ? b : a));
    const where = found.length === 1 ? id : `${found.length} checks, the most in ${id}`;
    return `${adapter}: ${percent(share)} of ${output} undecided, for want of a finite bound (${where})`;
  });
}

/** The outputs of a check of which more than one element in a hundred has no finite bound. */
export function undecidedOf({ adapter, id, error = {} }: Pick<CheckResult, 'adapter' | 'id' | 'error'>): Undecided[] {
  return Object.entries(error)
    .map(([output, { elements, undecided }]) => ({ adapter, id, output, share: undecided === 0 ? 0 : undecided / (elements + undecided) }))
    .filter(({ share }) => share > WORTH_SAYING);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
