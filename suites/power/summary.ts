import { powerCounts } from '../../spec/power-counts.js';
import type { Power } from '../../spec/types/documents.js';
import { type ExitCode, exitCodes } from '../lib/exit-code.js';
import type { MutantResult } from './judge-mutant.js';

/** Summary of the results of all mutants. */
export interface PowerSummary {
  /** Number of mutants that are not declared equivalent. */
  readonly total: number;
  readonly killed: number;
  /** Median number of cases up to the first failure, over the killed mutants that are not declared equivalent. */
  readonly medianCases: number;
  /** Mutants that are not declared equivalent and were not killed. */
  readonly survivors: readonly MutantResult[];
  /** Mutants that are declared equivalent but were killed: either the declaration or the suite is wrong. */
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

/**
 * Exit code of `power`: 1 if a mutant that is not declared equivalent survives or one that is declared so is killed; 3 if the only
 * problem is a fault of the suite; else 0.
 */
export function powerExitCode({ survivors, misdeclared, errors }: PowerSummary): ExitCode {
  if (survivors.length > 0 || misdeclared.length > 0) return exitCodes.failed;
  return errors.length > 0 ? exitCodes.inconclusive : exitCodes.passed;
}
