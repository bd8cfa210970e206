import type { CheckResult, Expectation, Result } from '../../spec/types/documents.js';
import type { ExpectationLookup } from '../contract/expectation-lookup.js';
import { isUnexpected } from '../lib/exit-code.js';
import type { PlannableChecks } from './expectations.js';

/** Known failures after a run, and their changes. */
export interface ExpectationUpdate {
  /** Entries that stay, in their order, then the new ones by adapter and check. */
  readonly entries: readonly Expectation[];
  readonly added: readonly Expectation[];
  readonly removed: readonly Expectation[];
  /**
   * Splits entries for several checks of which some passed, into one for each check that still
   * fails.
   */
  readonly narrowed: readonly Expectation[];
  /** Entries that a passing check contradicts, but that also name checks that this run did not judge: they stay. */
  readonly open: readonly Expectation[];
}

/** Judged run: its result, the expectations that it looked up, and the checks that could be planned. */
export interface JudgedRun {
  readonly result: Result;
  readonly lookup: ExpectationLookup;
  /** Every check that the adapters could have, even if the run was narrowed to some. */
  readonly plannable: readonly PlannableChecks[];
  /** ISO 8601 date. */
  readonly date: string;
}

/**
 * Returns the expectations under which this run has no unexpected result. Uncontradicted entries
 * stay, with their reasons. An entry is judged by the adapters of this run.
 */
export function updateExpectations(entries: readonly Expectation[], run: JudgedRun): ExpectationUpdate {
  const kept: Expectation[] = [];
  const [removed, narrowed, open]: Expectation[][] = [[], [], []];
  for (const entry of entries) {
    const named = run.result.checks.filter((c) => run.lookup.entriesFor(c.adapter, c.id).includes(entry));
    const passed = named.some((c) => c.verdict === 'pass' && c.expected === false);
    const failing = named.filter((c) => c.expected === true && matched(run, c) === entry);
    if (entry.flaky || !passed) kept.push(entry);
    else if (isUnjudged(entry, named, run)) {
      kept.push(entry);
      open.push(entry);
    } else if (failing.length > 0) {
      narrowed.push(entry);
      kept.push(...failing.map((c) => ({ ...entry, check: c.id, adapter: c.adapter })));
    } else removed.push(entry);
  }
  const added = run.result.checks.filter((c) => c.verdict !== 'pass' && c.failure && isUnexpected(c)).map((c) => entryFor(c, run.date));
  added.sort((a, b) => compare(`${a.adapter}::${a.check}`, `${b.adapter}::${b.check}`));
  return { entries: [...kept, ...added], added, removed, narrowed, open };
}

function matched({ lookup }: JudgedRun, { adapter, id, verdict, class: failureClass, failure }: CheckResult): Expectation | undefined {
  return failure && lookup.match(adapter, id, verdict, failureClass, failure.case);
}

/** Tells whether an entry also names checks for which this run has no verdict. */
function isUnjudged(entry: Expectation, named: readonly CheckResult[], { lookup, plannable }: JudgedRun): boolean {
  if (named.some(({ verdict }) => verdict === 'not-run' || verdict === 'unavailable' || verdict === 'error')) return true;
  const judged = new Set(named.map((c) => `${c.adapter}::${c.id}`));
  return plannable.some(({ adapter, checks }) =>
    checks.some((id) => !judged.has(`${adapter}::${id}`) && lookup.entriesFor(adapter, id).includes(entry)),
  );
}

/** Makes the entry for a new failure. Its reason is a placeholder, for a person to replace. */
function entryFor({ adapter, id, verdict, class: failureClass, failure }: CheckResult, date: string): Expectation {
  const flaky = failure !== undefined && failure.reproduced >= 0 && failure.reproduced < 5;
  return {
    check: id,
    adapter,
    verdict: verdict as Expectation['verdict'],
    ...(failureClass !== undefined && { class: failureClass }),
    ...(flaky && { flaky }),
    ...(failure && { case: failure.case }),
    why: `unexplained; seen ${date}`,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
