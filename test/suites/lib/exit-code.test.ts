import { describe, expect, it } from 'vitest';
import type { AdapterResult, CheckResult, Result, Verdict } from '../../../spec/types/documents.js';
import { exitCodeOf } from '../../../suites/lib/exit-code.js';

const check = (verdict: Verdict, expected?: boolean): CheckResult => ({
  id: `softmax/causal/oracle/f32`,
  adapter: 'mine',
  verdict,
  ...(expected !== undefined && { expected }),
  cases: 1,
  undecided: 0,
  coverage: {},
  milliseconds: 1,
});
const adapter = (id: string, missing = false): AdapterResult => ({
  id,
  title: id,
  version: null,
  environment: {},
  dialect: {},
  ...(missing && { unavailable: { reason: 'not here', remedy: 'npm install it' } }),
});
const result = (checks: CheckResult[], adapters = [adapter('mine')]): Result => ({
  format: 1,
  suite: '0.1.0',
  spec: {},
  seed: 0,
  plan: { hash: 'h', runs: 1, shard: null },
  started: '2026-01-01T00:00:00.000Z',
  adapters,
  checks,
  profiles: [],
  complete: true,
});
const strict = { named: [], allowIncomplete: false, failOnWarnings: false };

describe('exit code', () => {
  it.each<[string, CheckResult[], number]>([
    ['all pass', [check('pass'), check('pass')], 0],
    ['unsupported is no failure', [check('pass'), check('unsupported')], 0],
    ['a failure', [check('pass'), check('fail')], 1],
    ['a crash', [check('pass'), check('crash')], 1],
    ['a timeout', [check('pass'), check('timeout')], 1],
    ['an expected failure', [check('pass'), check('fail', true)], 0],
    ['nothing but expected failures', [check('crash', true)], 0],
    ['a failure outside what was expected', [check('fail', false)], 1],
    ['an expected failure that passed', [check('pass', false)], 1],
    ['an expected verdict that holds', [check('pass', true)], 0],
    ['an error of ours', [check('pass'), check('error')], 3],
    ['a failure outweighs an error', [check('fail'), check('error')], 1],
    ['not run', [check('pass'), check('not-run')], 3],
    ['nothing checked', [], 3],
    ['nothing supported', [check('unsupported')], 3],
    ['nothing available', [check('unavailable')], 3],
  ])('%s', (_, checks, code) => {
    expect(exitCodeOf(result(checks), strict)).toBe(code);
  });

  it('lets an incomplete run pass where that is allowed, but not an empty one', () => {
    expect(exitCodeOf(result([check('pass'), check('not-run')]), { ...strict, allowIncomplete: true })).toBe(0);
    expect(exitCodeOf(result([check('not-run')]), { ...strict, allowIncomplete: true })).toBe(3);
  });

  it('minds warnings only where asked to', () => {
    const warned = { ...check('pass'), warnings: [{ output: 'o', kind: 'bias' as const, ratio: 0.9, text: 'errors lean upwards' }] };
    expect(exitCodeOf(result([warned]), strict)).toBe(0);
    expect(exitCodeOf(result([warned]), { ...strict, failOnWarnings: true })).toBe(1);
    expect(exitCodeOf(result([check('pass')]), { ...strict, failOnWarnings: true })).toBe(0);
  });

  it('minds an unavailable adapter only where it was named', () => {
    const both = result([check('pass')], [adapter('mine'), adapter('theirs', true)]);
    expect(exitCodeOf(both, strict)).toBe(0);
    expect(exitCodeOf(both, { ...strict, named: ['mine'] })).toBe(0);
    expect(exitCodeOf(both, { ...strict, named: ['theirs'] })).toBe(3);
  });
});
