import { type ExitCode, exitCodes } from '../exit-code.js';
import type { MutantResult } from './judge-mutant.js';

/** What the results of all mutants come to. */
export interface PowerSummary {
  /** Not declared equivalent. */
  readonly total: number;
  readonly killed: number;
  /** Cases up to the first failure, of those that were killed. */
  readonly medianCases: number;
  /** Not declared equivalent, and not killed. */
  readonly survivors: readonly MutantResult[];
  /** Declared equivalent, and killed: the declaration is wrong, or the suite is. */
  readonly misdeclared: readonly MutantResult[];
  readonly errors: readonly MutantResult[];
}

export function summaryOf(results: readonly MutantResult[]): PowerSummary {
  const faulty = results.filter((r) => r.equivalent === undefined);
  const killed = faulty.filter((r) => r.killed);
  const cases = killed.map((r) => r.cases).sort((a, b) => a - b);
  return {
    total: faulty.length,
    killed: killed.length,
    medianCases: cases.length === 0 ? 0 : cases[(cases.length - 1) >> 1],
    survivors: faulty.filter((r) => !r.killed),
    misdeclared: results.filter((r) => r.equivalent !== undefined && r.killed),
    errors: results.filter((r) => r.error),
  };
}

/** The document of `power --json` (CONTRACTS: versions). */
export function powerDocument(results: readonly MutantResult[]): { mutants: object[] } {
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
      ...(killers && { killers }),
    })),
  };
}

/** 1 where a mutant that is not equivalent survives, or one that is declared so is killed; 3 where only a fault of the suite is in the way. */
export function powerExitCode({ survivors, misdeclared, errors }: PowerSummary): ExitCode {
  if (survivors.length > 0 || misdeclared.length > 0) return exitCodes.failed;
  return errors.length > 0 ? exitCodes.inconclusive : exitCodes.passed;
}
