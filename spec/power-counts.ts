/** Result of a mutant, as far as it is counted. */
interface Counted {
  readonly killed: boolean;
  /** Cases up to the first failure. */
  readonly cases: number;
  /** Set where it computes what it should. */
  readonly equivalent?: unknown;
}

/** Numbers of results of mutants, as in the document of `power --json`: how many have a fault, how many of them were killed, and the median number of cases up to the first failure. */
export function powerCounts(results: readonly Counted[]): { total: number; killed: number; medianCases: number } {
  const faulty = results.filter(({ equivalent }) => !equivalent);
  const killed = faulty.filter((r) => r.killed);
  const cases = killed.map((r) => r.cases).sort((a, b) => a - b);
  return { total: faulty.length, killed: killed.length, medianCases: cases.length === 0 ? 0 : cases[(cases.length - 1) >> 1] };
}
