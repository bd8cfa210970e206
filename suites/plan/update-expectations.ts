import type { CheckResult, Expectation, Result } from '../../spec/types/documents.js';
import type { ExpectationLookup } from '../contract/expectation-lookup.js';
import { isUnexpected } from '../lib/exit-code.js';
import type { PlannableChecks } from './expectations.js';

/** Known failures after a run, and the changes. */
export interface ExpectationUpdate {
  /** Kept entries in their order, then new ones by adapter and check. */
  readonly entries: readonly Expectation[];
  readonly added: readonly Expectation[];
  readonly removed: readonly Expectation[];
  /** Entries for several checks, some passed: `entries` has one for each check that still fails. */
  readonly narrowed: readonly Expectation[];
  /** Entries kept despite a passing check: they also name checks without a verdict in this run. */
  readonly open: readonly Expectation[];
}

export interface JudgedRun {
  readonly result: Result;
  readonly lookup: ExpectationLookup;
  readonly plannable: readonly PlannableChecks[];
  /** ISO 8601 date. */
  readonly date: string;
}

/** Returns the expectations that make this run's results expected, keeping valid entries. */
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

function isUnjudged(entry: Expectation, named: readonly CheckResult[], { lookup, plannable }: JudgedRun): boolean {
  if (named.some(({ verdict }) => verdict === 'not-run' || verdict === 'unavailable' || verdict === 'error')) return true;
  const judged = new Set(named.map((c) => `${c.adapter}::${c.id}`));
  return plannable.some(({ adapter, checks }) =>
    checks.some((id) => !judged.has(`${adapter}::${id}`) && lookup.entriesFor(adapter, id).includes(entry)),
  );
}

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
