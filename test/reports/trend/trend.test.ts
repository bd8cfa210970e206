import { describe, expect, it } from 'vitest';
import { trendsOf } from '../../../reports/trend/trend.js';
import type { CheckResult, Result } from '../../../spec/types/documents.js';
import { describeTrends } from '../../../suites/cli/text/trend.js';
import { hostileTexts } from '../hostile.js';
import { check, madeUp } from '../made-up.js';

const error = (maxOverBound: number) => ({
  o: { elements: 4, undecided: 0, maxOverBound, histogram: [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], maxUlp: 1 },
});
const result = (version: string | null, checks: CheckResult[], more: Partial<Result> = {}): Result => ({
  ...madeUp,
  adapters: [{ ...madeUp.adapters[1], version }],
  checks,
  ...more,
});
const first = result('4.9.0', [check('mine', 'a/b/one/f32', { error: error(0.5) }), check('mine', 'a/b/two/f32', { verdict: 'fail' })]);
const second = result('4.22.0', [
  check('mine', 'a/b/one/f32', { verdict: 'fail', error: error(1e9) }),
  check('mine', 'a/b/two/f32', { error: error(0.75) }),
]);

describe('the trend of an adapter', () => {
  it('goes from the oldest version to the newest, with what changed and how accurate it is', () => {
    const [{ adapter, points }] = trendsOf([
      { file: 'new.json', result: second },
      { file: 'old.json', result: first },
    ]);
    expect(adapter).toBe('mine');
    expect(points.map(({ file, version, pass, fail, regressions, fixes }) => ({ file, version, pass, fail, regressions, fixes }))).toEqual([
      { file: 'old.json', version: '4.9.0', pass: 1, fail: 1, regressions: [], fixes: [] },
      { file: 'new.json', version: '4.22.0', pass: 1, fail: 1, regressions: ['a/b/one/f32'], fixes: ['a/b/two/f32'] },
    ]);
    expect(points.map(({ accuracy }) => accuracy)).toEqual([
      [{ dtype: 'f32', output: 'o', maxOverBound: 0.5 }],
      [{ dtype: 'f32', output: 'o', maxOverBound: 0.75 }],
    ]);
  });

  it('takes results of one version by their time, and the version of the package where an adapter has none', () => {
    const environment = { node: 'v20.1.0', 'mine-core': '1.30.0' };
    const of = (started: string): Result => ({
      ...result(null, []),
      adapters: [{ ...madeUp.adapters[1], version: null, environment }],
      started,
    });
    const [{ points }] = trendsOf([
      { file: 'b', result: of('2026-02-01T00:00:00Z') },
      { file: 'a', result: of('2026-01-01T00:00:00Z') },
    ]);
    expect(points.map(({ file, version }) => [file, version])).toEqual([
      ['a', '1.30.0'],
      ['b', '1.30.0'],
    ]);
  });

  it('leaves out what could not be run', () => {
    expect(trendsOf([{ file: 'x', result: madeUp }]).map(({ adapter }) => adapter)).not.toContain('absent');
  });

  it('is a table for a reader', () => {
    const text = describeTrends(trendsOf([first, second].map((of) => ({ file: 'x', result: of }))));
    expect(text).toMatch(/VERSION +JUDGED +PASS +FAIL +UNSUPPORTED +REGRESSIONS +FIXES +f32 o/);
    expect(text).toContain('4.22.0, regressions: a/b/one/f32\n');
    expect(describeTrends([])).toBe('No adapter was judged.\n');
  });

  it.each(Object.entries(hostileTexts))('prints no escape of %s', (_, version) => {
    const text = describeTrends(trendsOf([{ file: version, result: result(version, first.checks as CheckResult[]) }]));
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cs}/u);
  });
});
