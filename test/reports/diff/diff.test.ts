import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffResults } from '../../../reports/diff/diff.js';
import { isRegression } from '../../../reports/diff/gate.js';
import type { AdapterResult, CheckResult, Result, Verdict } from '../../../spec/types/documents.js';
import { check, madeUp } from '../made-up.js';

const id = 'softmax/causal/oracle/f32';
const mine = madeUp.adapters.find((a) => a.id === 'mine') as AdapterResult;
const result = (checks: readonly CheckResult[], more: Partial<Result> = {}): Result => ({
  ...madeUp,
  adapters: [mine],
  checks: [...checks],
  profiles: [],
  ...more,
});
const withError = (maxOverBound: number | 'Infinity'): CheckResult =>
  check('mine', id, { error: { o: { elements: 9, undecided: 0, maxOverBound, histogram: new Array(11).fill(0), maxUlp: 1 } } });
const one = (verdict: Verdict, more: Partial<CheckResult> = {}) => [check('mine', id, { verdict, ...more })];
const adapters = (change: Partial<AdapterResult>) => result([], { adapters: [{ ...mine, ...change }] });

describe('a result and itself', () => {
  it('do not differ', () => {
    const diff = diffResults(madeUp, structuredClone(madeUp));
    expect(isRegression(diff)).toBe(false);
    const { adapters: ids, drawn, ...lists } = diff;
    expect(Object.values(lists).every((list) => list.length === 0)).toBe(true);
    expect([ids, drawn]).toEqual([{ added: [], gone: [] }, {}]);
  });

  it('times are no difference', () => {
    const later = { ...madeUp, started: 'later', checks: madeUp.checks.map((c) => ({ ...c, milliseconds: 1 })) };
    expect(diffResults(madeUp, later)).toEqual(diffResults(madeUp, madeUp));
  });
});

describe('a check', () => {
  const verdicts: Verdict[] = ['pass', 'fail', 'crash', 'timeout', 'unsupported', 'unavailable', 'not-run', 'error'];
  const kindsOf = (old: readonly CheckResult[], now: readonly CheckResult[]) => {
    const { regressions, newClasses, fixes, others, added, gone } = diffResults(result(old), result(now));
    return Object.entries({ regressions, newClasses, fixes, others, added, gone }).flatMap(([kind, list]) => list.map(() => kind));
  };

  it.each(verdicts.slice(1))('that passed and now is %s is a regression', (verdict) => {
    const diff = diffResults(result(one('pass')), result(one(verdict, { class: 'value', reason: 'why' })));
    expect(diff.regressions).toEqual([{ adapter: 'mine', id, old: { verdict: 'pass' }, now: { verdict, class: 'value', reason: 'why' } }]);
    expect(isRegression(diff)).toBe(true);
  });

  it('that passed and is gone is one too', () => {
    expect(kindsOf(one('pass'), [])).toEqual(['regressions']);
    expect(kindsOf(one('fail'), [])).toEqual(['gone']);
  });

  it('that fails in another way, or failed in none, has a new class', () => {
    expect(kindsOf(one('fail', { class: 'value' }), one('fail', { class: 'nan' }))).toEqual(['newClasses']);
    expect(kindsOf(one('fail', { class: 'value' }), one('crash', { class: 'SIGSEGV' }))).toEqual(['newClasses']);
    expect(kindsOf(one('unsupported'), one('fail', { class: 'value' }))).toEqual(['newClasses']);
    expect(kindsOf(one('fail', { class: 'value' }), one('fail', { class: 'value' }))).toEqual([]);
  });

  it('that is fixed, new or not judged closes no gate', () => {
    expect(kindsOf(one('fail'), one('pass'))).toEqual(['fixes']);
    expect(kindsOf([], one('fail'))).toEqual(['added']);
    expect(kindsOf(one('fail'), one('unsupported'))).toEqual(['others']);
    for (const [old, now] of [
      [one('fail'), one('pass')],
      [[], one('fail')],
      [one('fail'), one('unsupported')],
    ]) {
      expect(isRegression(diffResults(result(old), result(now)))).toBe(false);
    }
  });

  it('is in one list at most, and a pass of the older one is never lost', () => {
    const verdict = fc.option(fc.constantFrom(...verdicts), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(verdict, verdict), { maxLength: 8 }), (pairs) => {
        const of = (side: 0 | 1) => pairs.flatMap((p, i) => (p[side] ? [check('mine', `a/b/c/f32@s${i}`, { verdict: p[side] })] : []));
        const diff = diffResults(result(of(0)), result(of(1)));
        const names = [diff.regressions, diff.newClasses, diff.fixes, diff.others, diff.added, diff.gone].flat().map((c) => c.id);
        expect(new Set(names).size).toBe(names.length);
        expect(diff.regressions.length).toBe(pairs.filter(([a, b]) => a === 'pass' && b !== 'pass').length);
        expect(names.length).toBe(pairs.filter(([a, b]) => a !== b).length);
      }),
    );
  });
});

describe('an adapter', () => {
  it('in another dialect closes the gate', () => {
    const diff = diffResults(adapters({}), adapters({ dialect: { ...mine.dialect, causal: { value: 'bottom-right', from: 'declared' } } }));
    expect(diff.dialects).toEqual([{ adapter: 'mine', axis: 'causal', old: 'top-left', now: 'bottom-right' }]);
    expect(isRegression(diff)).toBe(true);
  });

  it('in a dialect with an axis more does not', () => {
    expect(diffResults(adapters({ dialect: {} }), adapters({})).dialects).toEqual([]);
  });

  const numeric = (profile: object) =>
    adapters({ capabilities: { dtypes: ['f32', 'f16'], operators: ['softmax'], numeric: profile } } as Partial<AdapterResult>);

  it.each([
    ['accumulate', { accumulate: 'f32' }, { accumulate: 'f16' }],
    ['products', {}, { products: 'tf32' }],
    ['exp', { exp: 1e-6 }, { exp: 1e-5 }],
    ['probabilities', { probabilities: 'accumulate' }, { probabilities: 'storage' }],
    ['partials', {}, { partials: 'storage' }],
    ['flushToZero', {}, { flushToZero: true }],
  ])('with looser %s closes the gate, with stricter it does not', (key, strict, loose) => {
    const looser = diffResults(numeric(strict), numeric(loose));
    expect(looser.numerics.map((n) => [n.dtype, n.key, n.looser])).toEqual([
      ['f32', key, true],
      ['f16', key, true],
    ]);
    expect(isRegression(looser)).toBe(true);
    expect(isRegression(diffResults(numeric(loose), numeric(strict)))).toBe(false);
  });

  it('that spells out the default has not changed', () => {
    expect(diffResults(numeric({}), numeric({ accumulate: 'f32', tile: 16 })).numerics).toEqual([]);
  });

  it('that declares one dtype looser is named by it', () => {
    const diff = diffResults(numeric({}), numeric({ f16: { accumulate: 'f16' } }));
    expect(diff.numerics).toEqual([{ adapter: 'mine', dtype: 'f16', key: 'accumulate', old: 'f32', now: 'f16', looser: true }]);
  });

  it('that came or went is named', () => {
    const { adapters: ids } = diffResults(result([]), { ...result([]), adapters: [{ ...mine, id: 'other' }] });
    expect(ids).toEqual({ added: ['other'], gone: ['mine'] });
  });
});

describe('accuracy', () => {
  const changes = (a: CheckResult, b: CheckResult, more: Partial<Result> = {}) =>
    diffResults(result([a]), result([b], more)).accuracy.map((c) => [c.old, c.now]);

  it('is told where it at least doubled or halved, and closes no gate', () => {
    expect(changes(withError(0.2), withError(0.4))).toEqual([[0.2, 0.4]]);
    expect(changes(withError(0.4), withError(0.2))).toEqual([[0.4, 0.2]]);
    expect(changes(withError(0.2), withError(0.39))).toEqual([]);
    expect(changes(withError(0.001), withError(0.01))).toEqual([]);
    expect(isRegression(diffResults(result([withError(0.2)]), result([withError(0.9)])))).toBe(false);
  });

  it('is compared over the same cases only', () => {
    expect(changes(withError(0.2), withError(0.9), { seed: 1 })).toEqual([]);
    expect(changes(withError(0.2), { ...withError(0.9), cases: 51 })).toEqual([]);
    expect(changes({ ...withError(0.2), verdict: 'fail' }, withError(0.9))).toEqual([]);
  });
});

it('other rules, tallies and draws are told', () => {
  const later = {
    ...madeUp,
    seed: 3,
    plan: { ...madeUp.plan, runs: 9 },
    spec: { 'operator softmax': '2.0.0', 'mask new': '1.0.0' },
    profiles: madeUp.profiles.map((t, i) => (i === 0 ? { ...t, pass: 1, fail: 1 } : t)),
  };
  const diff = diffResults(madeUp, later);
  expect(diff.specs).toEqual([
    { document: 'operator softmax', old: '1.0.0', now: '2.0.0', major: true },
    { document: 'mask new', now: '1.0.0', major: false },
  ]);
  expect(diff.drawn).toEqual({ runs: [50, 9], seed: [0, 3] });
  expect(diff.tallies).toEqual([{ profile: 'core@1', adapter: 'reference', old: '2 pass', now: '1 pass, 1 fail' }]);
});
