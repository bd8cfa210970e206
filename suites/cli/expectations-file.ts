import { plainLine, printable } from '../../reports/text/plain-text.js';
import { resolveCapabilities } from '../../spec/claims/capabilities.js';
import { Claims } from '../../spec/claims/claims.js';
import type { SpecLibrary } from '../../spec/spec-library.js';
import type { AdapterResult, CheckResult, Dialect, Environment, Expectation, Result } from '../../spec/types/documents.js';
import { writeAside } from '../lib/write-aside.js';
import { expectationLookup, type PlannableChecks } from '../plan/expectations.js';
import { plannedIds } from '../plan/plan.js';
import { type ExpectationUpdate, type JudgedRun, updateExpectations } from '../plan/update-expectations.js';

/** Lists every check that a run's adapters could have, ignoring filters and profiles. */
export function plannableChecks(library: SpecLibrary, adapters: readonly AdapterResult[], dialect: Dialect): PlannableChecks[] {
  const profiles = [...library.profiles.values()];
  return adapters.map(({ id, capabilities, unavailable }) => {
    const available = unavailable === undefined && capabilities !== undefined && capabilities !== null;
    if (!available) return { adapter: id, available, checks: [] };
    const claims = Claims.of(library, resolveCapabilities(capabilities, id, dialect), id);
    return { adapter: id, available, checks: plannedIds(profiles, { id, claims }) };
  });
}

/** Describes the changes of --update-expectations to a file. */
function describeUpdate(file: string, update: ExpectationUpdate): string {
  const { entries, added, removed, narrowed, open } = printable(update);
  const lines = [
    ...removed.map((e) => `removed, it passes now: ${nameOf(e)} (${e.why})`),
    ...narrowed.map((e) => `narrowed to the checks that still fail: ${nameOf(e)}`),
    ...open.map((e) => `kept, although a check of it passes now: ${nameOf(e)} also names checks that this run did not judge`),
    ...added.map((e) => `added, say why: ${nameOf(e)}`),
  ];
  const summary = lines.length === 0 ? 'nothing changed' : `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`;
  return [...lines, `${file}: ${summary}`].map((line) => `${plainLine(line)}\n`).join('');
}

function nameOf({ adapter = '*', check, verdict, class: failureClass }: Expectation): string {
  return `${adapter}::${check} ${verdict}${failureClass === undefined ? '' : ` ${failureClass}`}`;
}

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
