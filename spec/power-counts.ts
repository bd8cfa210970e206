interface Counted {
  readonly killed: boolean;
  readonly cases: number;
  /** Set if the mutant computes the right result. */
  readonly equivalent?: unknown;
}

/** Counts for `power --json`: faulty and killed mutants, and median cases up to a failure. */
export function powerCounts(results: readonly Counted[]): { total: number; killed: number; medianCases: number } {
  const faulty = results.filter(({ equivalent }) => !equivalent);
  const killed = faulty.filter((r) => r.killed);
  const cases = killed.map((r) => r.cases).sort((a, b) => a - b);
  return { total: faulty.length, killed: killed.length, medianCases: cases.length === 0 ? 0 : cases[(cases.length - 1) >> 1] };
}
