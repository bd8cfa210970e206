import { describe, expect, it } from 'vitest';
import type { CheckResult, Expectation, Result } from '../../../spec/types/documents.js';
import { expectationLookup, type PlannableChecks } from '../../../suites/plan/expectations.js';
import { updateExpectations } from '../../../suites/plan/update-expectations.js';
import { check, madeUp, minimalCase } from '../../reports/made-up.js';

const [full, causal, window] = ['full', 'causal', 'sliding-window'].map((mask) => `softmax/${mask}/oracle/f32`);
const failure = { case: minimalCase, reproduced: 5 };
const entry = (more: Partial<Expectation>): Expectation => ({
  check: causal,
  verdict: 'fail',
  class: 'value',
  why: 'a known bug',
  ...more,
});
const fails = (id: string, more: Partial<CheckResult> = {}) => check('mine', id, { verdict: 'fail', class: 'value', failure, ...more });

/** @param ids the checks that the adapter could have. */
function update(entries: readonly Expectation[], checks: readonly CheckResult[], ids: readonly string[] = checks.map((c) => c.id)) {
  const lookup = expectationLookup(entries);
  const plannable: PlannableChecks[] = [{ adapter: 'mine', available: true, checks: ids }];
  const result: Result = { ...madeUp, checks: [...checks] };
  return updateExpectations(entries, { result, lookup, plannable, date: '2026-02-03' });
}

describe('a failure that nobody expected', () => {
  it('is added, its reason left to say, after what was there, by adapter and check', () => {
    const known = entry({ check: window });
    const { entries, added } = update([known], [fails(full), fails(window, { expected: true }), fails(causal, { class: 'nan' })]);
    const fresh = (id: string, failureClass: string) => ({
      check: id,
      adapter: 'mine',
      verdict: 'fail',
      class: failureClass,
      case: minimalCase,
      why: 'unexplained; seen 2026-02-03',
    });
    expect(entries).toEqual([known, fresh(causal, 'nan'), fresh(full, 'value')]);
    expect(added).toEqual(entries.slice(1));
  });

  it('that does not come every time is marked flaky', () => {
    const { added } = update([], [fails(full, { failure: { case: minimalCase, reproduced: 3 } })]);
    expect(added).toMatchObject([{ flaky: true }]);
  });

  it('without a case can be expected by no entry', () => {
    expect(update([], [check('mine', full, { verdict: 'crash', class: 'not-restarted' })]).entries).toEqual([]);
  });

  it('makes none of a verdict that is no failure', () => {
    expect(
      update([], [check('mine', full, { verdict: 'error', class: 'oracle' }), check('mine', causal, { verdict: 'unsupported' })]).entries,
    ).toEqual([]);
  });
});

describe('an entry', () => {
  it('that still matches stays as it is, with its reason', () => {
    const known = entry({ link: 'https://example.org/1', environment: {} });
    const { entries, ...rest } = update([known], [fails(causal, { expected: true })]);
    expect(entries[0]).toBe(known);
    expect(rest).toEqual({ added: [], removed: [], narrowed: [], open: [] });
  });

  it('whose check passes now is removed; a flaky one is not', () => {
    const known = entry({});
    expect(update([known], [check('mine', causal, { expected: false })])).toMatchObject({ entries: [], removed: [known] });
    const flaky = entry({ flaky: true });
    expect(update([flaky], [check('mine', causal, {})]).entries).toEqual([flaky]);
  });

  it('of cases that were not met stays', () => {
    const known = entry({ when: { dims: { m: 9 } } });
    expect(update([known], [check('mine', causal, {})]).entries).toEqual([known]);
  });

  it('for another adapter stays', () => {
    const known = entry({ adapter: 'other' });
    expect(update([known], [check('mine', causal, {})]).entries).toEqual([known]);
  });

  it('of several checks is narrowed to those that still fail', () => {
    const known = entry({ check: 'softmax/*/oracle/f32' });
    const { entries, narrowed } = update([known], [fails(full, { expected: true }), check('mine', causal, { expected: false })]);
    expect(entries).toEqual([{ ...known, check: full, adapter: 'mine' }]);
    expect(narrowed).toEqual([known]);
  });

  it('stays where the run did not judge all that it names', () => {
    const known = entry({ check: 'softmax/*/oracle/f32' });
    const passes = check('mine', causal, { expected: false });
    expect(update([known], [passes], [full, causal])).toMatchObject({ entries: [known], open: [known], removed: [] });
    const late = check('mine', full, { verdict: 'not-run', cases: 0 });
    expect(update([known], [passes, late])).toMatchObject({ entries: [known], open: [known] });
  });
});

it('a second update of the same run changes nothing', () => {
  const checks = [fails(full), fails(causal, { class: 'nan' }), check('mine', window, {})];
  const { entries } = update([], checks);
  const lookup = expectationLookup(entries);
  const known = checks.map((c) =>
    c.failure && lookup.match('mine', c.id, c.verdict, c.class, c.failure.case) ? { ...c, expected: true } : c,
  );
  expect(known.filter((c) => c.expected).length).toBe(2);
  expect(update(entries, known)).toEqual({ entries, added: [], removed: [], narrowed: [], open: [] });
});
