import type { DocumentKind } from '../../site-data.js';
import type { Report } from '../report.js';
import { tallyOf } from '../tables/tally-cell.js';
import type { Tally } from '../verdicts.js';

/** Verdicts of an implementation in some checks. */
export interface Standing {
  readonly implementation: number;
  readonly tally: Tally;
}

/** Returns the checks of an operator, a mask or a scheme. */
export function documentChecks(report: Report, kind: DocumentKind, name: string): number[] {
  return report.names.flatMap((check, at) => (check[kind] === name ? [at] : []));
}

/** Returns judged implementations without failures, with failures, and all. */
export function standings(report: Report, checks: readonly number[]): { right: Standing[]; wrong: Standing[]; all: Standing[] } {
  const all = report.available
    .map((implementation) => ({ implementation, tally: tallyOf(report, implementation, checks) }))
    .filter(({ tally }) => tally.pass + tally.fail > 0);
  return { right: all.filter(({ tally }) => tally.fail === 0), wrong: all.filter(({ tally }) => tally.fail > 0), all };
}
