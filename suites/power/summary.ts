import { powerCounts } from '../../spec/power-counts.js';
import type { Power } from '../../spec/types/documents.js';
import { type ExitCode, exitCodes } from '../lib/exit-code.js';
import type { MutantResult } from './judge-mutant.js';

/** Summary over all mutants. */
export interface PowerSummary {
  readonly total: number;
  readonly killed: number;
  /** Median number of cases of a kill. */
  readonly medianCases: number;
  /** Unkilled mutants not declared equivalent. */
  readonly survivors: readonly MutantResult[];
  /** Killed mutants declared equivalent: the declaration or the suite is wrong. */
  readonly misdeclared: readonly MutantResult[];
  readonly errors: readonly MutantResult[];
}

export function summaryOf(results: readonly MutantResult[]): PowerSummary {
  return {
    ...powerCounts(results),
    survivors: results.filter((r) => r.equivalent === undefined && !r.killed),
    misdeclared: results.filter((r) => r.equivalent !== undefined && r.killed),
    errors: results.filter((r) => r.error),
  };
}

/** Document of `power --json` (CONTRACTS: versions). */
export function powerDocument(results: readonly MutantResult[]): Power {
  return {
    mutants: results.map(({ id, class: faultClass, killed, equivalent, cases, seconds, kill, killers }) => ({
      id,
      class: faultClass,
      killed,
      equivalent: equivalent !== undefined,
      check: kill?.check ?? null,
      cases,
      seconds,
      case: kill?.case ?? null,
      ...(kill?.hint !== undefined && { hint: kill.hint }),
      ...(killers && { killers: [...killers] }),
    })),
  };
}

/** 1 for survivors and misdeclared mutants; 3 if only the suite is at fault; else 0. */
export function powerExitCode({ survivors, misdeclared, errors }: PowerSummary): ExitCode {
  if (survivors.length > 0 || misdeclared.length > 0) return exitCodes.failed;
  return errors.length > 0 ? exitCodes.inconclusive : exitCodes.passed;
}
