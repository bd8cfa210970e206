import type { Case, Speed } from '../../spec/types/documents.js';

/** Settings of judging mutants, which are judged as `run` would judge them. */
export interface PowerBudget {
  readonly seed: number;
  /** Cases per check. */
  readonly runs: number;
  /** Runs the checks of every property, each up to its first check that fails. */
  readonly matrix?: boolean;
  /** Globs over check ids: only these checks are run. */
  readonly filter?: readonly string[];
  /** Speed class by which the largest cases are drawn; if absent, that of an implementation whose speed nobody measured. */
  readonly speed?: Speed;
}

/** Result of judging a mutant. */
export interface MutantResult {
  readonly id: string;
  readonly class: string;
  readonly title: string;
  readonly killed: boolean;
  /** Reason why no input can tell the mutant from a correct kernel, if it is declared equivalent. */
  readonly equivalent?: string;
  /** Number of cases judged in all, up to the one that killed the mutant. */
  readonly cases: number;
  /** Seconds since the mutant was opened, shrinking included. */
  readonly seconds: number;
  /** The check that killed the mutant, its failure and its minimal case. */
  readonly kill?: {
    readonly check: string;
    readonly class?: string;
    readonly message?: string;
    readonly hint?: string;
    readonly case: Case;
  };
  /** Properties that kill the mutant, each by itself; only with `matrix`. */
  readonly killers?: readonly string[];
  /** The first check that had no verdict, or whose failure was not explained, because of a fault of the suite. */
  readonly error?: { readonly check: string; readonly reason: string };
}

/** Result of a mutant that was opened at a time of `performance.now()`. */
export function mutantResult(
  { id, class: kind, title, equivalent }: Pick<MutantResult, 'id' | 'class' | 'title' | 'equivalent'>,
  started: number,
  found: Pick<MutantResult, 'cases' | 'kill' | 'killers' | 'error'>,
): MutantResult {
  return {
    id,
    class: kind,
    title,
    killed: found.kill !== undefined,
    ...(equivalent !== undefined && { equivalent }),
    seconds: Math.round(performance.now() - started) / 1000,
    ...found,
  };
}
