/** Smallest share of undecided elements to report. */
const WORTH_SAYING = 0.01;

interface Decided {
  readonly elements: number;
  readonly undecided: number;
}

/** Returns the share of elements without a finite bound, if more than 1 %: "3.2 %". */
export function undecidedShare(output: Decided): string | undefined {
  const share = shareOf(output);
  return share > WORTH_SAYING ? `${Number((100 * share).toPrecision(2))} %` : undefined;
}

export function shareOf({ elements, undecided }: Decided): number {
  return undecided === 0 ? 0 : undecided / (elements + undecided);
}
