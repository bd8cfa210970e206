import { expect, it } from 'vitest';
import { diffResults } from '../../../reports/diff/diff.js';
import { diffBenches } from '../../../reports/diff/timings.js';
import type { Result } from '../../../spec/types/documents.js';
import { describeDiff } from '../../../suites/cli/text/diff.js';
import { check, madeUp } from '../../reports/made-up.js';
import { madeUpBench, timing } from '../../reports/made-up-bench.js';

const checks = (count: number, more = {}) => Array.from({ length: count }, (_, i) => check('mine', `softmax/full/oracle/f32@s${i}`, more));
const text = (old: Partial<Result>, now: Partial<Result>) => describeDiff(diffResults({ ...madeUp, ...old }, { ...madeUp, ...now }));

it('is one line where nothing differs', () => {
  expect(text({}, {})).toBe('Nothing differs.\n');
});

it('names each regression, and counts what many have in common', () => {
  expect(text({ checks: checks(2) }, { checks: checks(2, { verdict: 'fail', class: 'nan' }) })).toBe(
    `Regressions (2)
  mine::softmax/full/oracle/f32@s0 pass → fail nan
  mine::softmax/full/oracle/f32@s1 pass → fail nan

Worse than before.
`,
  );
  expect(text({ checks: checks(40) }, { checks: [] })).toContain('mine pass → absent: 40 checks, the first softmax/full/oracle/f32@s0');
});

it('says what closes no gate, and that it does not', () => {
  const shown = text({ checks: checks(1, { verdict: 'fail', class: 'nan' }) }, { checks: checks(1), seed: 3 });
  expect(shown).toContain('seed 0 → 3');
  expect(shown).toContain('Fixed (1)\n  mine::softmax/full/oracle/f32@s0 fail nan → pass');
  expect(shown).toMatch(/No regression\.\n$/);
});

it('stays short', () => {
  const many = Array.from({ length: 500 }, (_, i) => check(`k${i}`, 'softmax/full/oracle/f32', {}));
  const lines = text({ checks: many }, { checks: [] }).split('\n');
  expect(lines).toContain('  and 450 more (--json has them all)');
  expect(lines.length).toBeLessThan(60);
});

it('says what is slower and what is faster, by ratio or by time', () => {
  const slow = { ...madeUpBench, timings: madeUpBench.timings.map((t) => (t.adapter === 'soft' ? timing('soft', 100) : t)) };
  const shown = describeDiff(diffResults(madeUp, madeUp), diffBenches(madeUpBench, slow));
  expect(shown).toContain('Slower (1)\n  soft: 50 → 100 ms (+100 %; causal, 256 keys, forward, f32');
  expect(shown).toMatch(/No regression\.\n$/);
  expect(describeDiff(diffResults(madeUp, madeUp), diffBenches(slow, madeUpBench))).toContain('Faster (1)\n  soft: 100 → 50 ms (−50 %;');
});
