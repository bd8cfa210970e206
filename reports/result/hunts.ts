import { ratioText } from '../../spec/numeric/over-bound.js';
import type { CheckResult, JsonNumber } from '../../spec/types/documents.js';
import { describeCase } from '../text/describe-case.js';
import { groupBy } from './result.js';

/** Writes a line for the hunts of each adapter: cases, and the largest error ÷ bound. */
export function huntLines(checks: readonly CheckResult[]): string[] {
  const hunted = checks.filter(({ hunt }) => hunt !== undefined);
  return [...groupBy(hunted, ({ adapter }) => adapter).entries()].map(([adapter, all]) => {
    const cases = all.reduce((sum, { hunt }) => sum + (hunt?.cases ?? 0), 0);
    const { id, hunt } = all.reduce((best, check) => (ratioOf(check) > ratioOf(best) ? check : best));
    const where = hunt?.case ? `; found in ${id}: ${describeCase(hunt.case)}` : '';
    return `${adapter}: ${cases} cases in ${all.length} checks; largest error ÷ bound ${ratioText(ratioOf({ hunt }))}, against ${ratioText(drawn(all))} in the drawn cases${where}`;
  });
}

const ratioOf = ({ hunt }: Pick<CheckResult, 'hunt'>): number => Number(hunt?.maxOverBound ?? 0);

/** Returns the largest error ÷ bound of the cases that the same checks drew. */
function drawn(checks: readonly CheckResult[]): number {
  const ratios = checks.flatMap(({ error = {} }) => Object.values(error).map(({ maxOverBound }): JsonNumber => maxOverBound));
  return Math.max(0, ...ratios.map(Number));
}
