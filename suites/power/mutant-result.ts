import type { Case, Speed } from '../../spec/types/documents.js';

/** Settings for judging mutants. */
export interface PowerBudget {
  readonly seed: number;
  /** Cases per check. */
  readonly runs: number;
  /** Runs all properties, each up to its first failing check. */
  readonly matrix?: boolean;
  /** Globs over check ids. */
  readonly filter?: readonly string[];
  /** Speed class for the largest cases; absent: unmeasured. */
  readonly speed?: Speed;
}

/** Result of a mutant. */
export interface MutantResult {
  readonly id: string;
  readonly class: string;
  readonly title: string;
  readonly killed: boolean;
  /** Declared reason why no input can show the fault. */
  readonly equivalent?: string;
  readonly cases: number;
  /** Seconds, shrinking included. */
  readonly seconds: number;
  readonly kill?: {
    readonly check: string;
    readonly class?: string;
    readonly message?: string;
    readonly hint?: string;
    readonly case: Case;
  };
  /** Properties that kill the mutant; with `matrix`. */
  readonly killers?: readonly string[];
  /** First check without a verdict or explanation, by a fault of the suite. */
  readonly error?: { readonly check: string; readonly reason: string };
}

/** Result of a mutant. @param started `performance.now()` at its start. */
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
