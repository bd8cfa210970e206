import type { CheckResult, Environment, Expectation, Result } from '../../spec/types/documents.js';
import { writeAside } from '../lib/write-aside.js';
import { expectationLookup } from '../plan/expectations.js';
import { type JudgedRun, updateExpectations } from '../plan/update-expectations.js';
import { describeUpdate } from './text/expectations.js';

/** Rewrites an expectations file to match a run. @returns the result judged by the new file. */
export function rewriteExpectations(
  file: string,
  entries: readonly Expectation[],
  run: Omit<JudgedRun, 'date'>,
  environmentOf: (adapter: string) => Environment,
): Result {
  const update = updateExpectations(entries, { ...run, date: new Date().toISOString().slice(0, 10) });
  writeAside('--expectations', file, `${JSON.stringify(update.entries, null, 2)}\n`);
  process.stderr.write(describeUpdate(file, update));
  const lookup = expectationLookup(update.entries, environmentOf);
  const judge = ({ expected, ...check }: CheckResult): CheckResult => {
    const { adapter, id, verdict, class: failureClass, failure } = check;
    const known =
      verdict === 'pass'
        ? expected === false && lookup.entriesFor(adapter, id).some((e) => !e.flaky)
        : failure !== undefined && lookup.match(adapter, id, verdict, failureClass, failure.case) !== undefined;
    return known ? { ...check, expected: verdict !== 'pass' } : check;
  };
  return { ...run.result, checks: run.result.checks.map(judge) };
}
