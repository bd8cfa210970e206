import type { CheckResult } from '../../spec/types/documents.js';
import { groupBy, isExpectedFailure, isFailure } from './result.js';

/** What is known of a failure: the entry of an expectations file that names it. */
export interface KnownFailure {
  readonly why: string;
  readonly link?: string;
  /** Address of what is written of it. */
  readonly finding?: string;
}

/** Failures of one adapter that are likely to be one fault: same verdict, class and diagnosis. */
export interface CauseGroup {
  readonly adapter: string;
  readonly verdict: CheckResult['verdict'];
  readonly class: string;
  /** In a line: what is known of it, its hint, or the message of its smallest case. */
  readonly title: string;
  readonly known?: KnownFailure;
  /** True if an expectations file names every one. */
  readonly expected: boolean;
  /** The check with the smallest case. */
  readonly smallest: CheckResult;
  readonly checks: readonly CheckResult[];
}

/**
 * Groups the failures among checks by cause: those that were not expected first, and of these the most frequent first. Hints are compared without
 * their numbers, which are those of a case; of what is known of a failure the first sentence says what is wrong.
 * @param knownOf returns what is known of a failure.
 */
export function causeGroups(
  checks: readonly CheckResult[],
  knownOf: (check: CheckResult) => KnownFailure | undefined = () => undefined,
): CauseGroup[] {
  const failures = checks.filter(isFailure).map((check) => ({ check, known: knownOf(check) }));
  const groups = groupBy(failures, ({ check, known }) =>
    JSON.stringify(
      known
        ? [check.adapter, firstSentence(known.why)]
        : [check.adapter, check.verdict, check.class, numberless(check.failure?.hint ?? '')],
    ),
  );
  return [...groups.values()]
    .map((members): CauseGroup => {
      const [smallest] = [...members].sort((a, b) => sizeOf(a.check) - sizeOf(b.check));
      const { check, known } = smallest;
      const { adapter, verdict } = check;
      return {
        adapter,
        verdict,
        class: check.class ?? verdict,
        title: titleOf(check, known),
        ...(known && { known }),
        expected: members.every((member) => isExpectedFailure(member.check)),
        smallest: check,
        checks: members.map((member) => member.check),
      };
    })
    .sort((a, b) => Number(a.expected) - Number(b.expected) || b.checks.length - a.checks.length);
}

function titleOf({ failure, reason, verdict }: CheckResult, known: KnownFailure | undefined): string {
  const text = known ? firstSentence(known.why) : (failure?.hint ?? failure?.message ?? reason ?? verdict);
  return text.trim().split('\n', 1)[0];
}

/** The text up to the first full stop that ends a sentence; the whole text if there is none. */
function firstSentence(text: string): string {
  return /^.*?[.:](?=\s+\S)/s.exec(text)?.[0].slice(0, -1) ?? text;
}

function numberless(hint: string): string {
  return hint.replace(/-?\d+(\.\d+)?(e[+-]?\d+)?/g, '#');
}

/** Number by which cases are compared: smaller cases have a smaller sum of axes. A failure without a case is the largest. */
function sizeOf({ failure }: CheckResult): number {
  if (!failure) return Number.POSITIVE_INFINITY;
  return Object.values(failure.case.dims).reduce((sum, size) => sum + size, failure.case.parallel?.ranks ?? 0);
}
