/** What one version says of a check. */
export type Answer = 'passes' | 'fails' | 'no answer';

/** The last good and the first bad version, with the ones between them that gave no answer; or why there are none. */
export type Found =
  | { readonly good: string; readonly bad: string; readonly between: readonly string[]; readonly problem?: undefined }
  | { readonly problem: string };

/**
 * Finds the first version that fails by halving. The first version must pass and the last one fail.
 * A version without an answer is passed over for the nearest one that has not been asked.
 * @param versions the oldest first, at least two.
 */
export async function firstBad(versions: readonly string[], ask: (version: string) => Promise<Answer>): Promise<Found> {
  const [first, last] = [versions[0], versions[versions.length - 1]];
  const ends = [await ask(first), await ask(last)];
  if (ends[0] !== 'passes') return { problem: `${first}, the good version: ${ends[0]}` };
  if (ends[1] !== 'fails') return { problem: `${last}, the bad version: ${ends[1]}` };
  let [good, bad] = [0, versions.length - 1];
  const without = new Set<number>();
  for (;;) {
    const left = Array.from({ length: bad - good - 1 }, (_, i) => good + 1 + i).filter((at) => !without.has(at));
    if (left.length === 0) return { good: versions[good], bad: versions[bad], between: versions.slice(good + 1, bad) };
    const middle = (good + bad) / 2;
    const at = left.reduce((best, one) => (Math.abs(one - middle) < Math.abs(best - middle) ? one : best));
    const answer = await ask(versions[at]);
    if (answer === 'passes') good = at;
    else if (answer === 'fails') bad = at;
    else without.add(at);
  }
}
