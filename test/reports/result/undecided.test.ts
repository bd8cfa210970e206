import { expect, test } from 'vitest';
import { markdown } from '../../../reports/markdown/index.js';
import { huntLines } from '../../../reports/result/hunts.js';
import { undecidedLines } from '../../../reports/result/undecided.js';
import { terminal } from '../../../reports/terminal/index.js';
import { undecidedTable } from '../../accept/undecided-table.js';
import { check, context, madeUp, minimalCase } from '../made-up.js';

const counts = (elements: number, undecided: number, maxOverBound = 0.5) => ({
  elements,
  undecided,
  maxOverBound,
  histogram: new Array<number>(11).fill(0),
  maxUlp: 1,
});

test('a pass of which more than one element in a hundred is undecided says so, with the largest share', () => {
  const checks = [
    check('mine', 'softmax/full/oracle/f32', { error: { o: counts(1000, 5), lse: counts(90, 10) } }),
    check('mine', 'softmax/causal/oracle/f32', { error: { lse: counts(968, 32) } }),
    check('mine', 'softmax/document/oracle/f32', { verdict: 'fail', error: { o: counts(1, 1) } }),
    check('mine', 'softmax/padding/oracle/f32', { error: { o: counts(0, 0) } }),
  ];
  const line = 'mine: 10 % of lse undecided, because no finite bound is known (2 checks, the most in softmax/full/oracle/f32)';
  expect(undecidedLines(checks)).toEqual([line]);
  const result = { ...madeUp, checks, profiles: [] };
  expect(terminal.report(result, context)).toContain(`Undecided elements of checks that passed\n  ${line}\n`);
  expect(markdown.report(result, context)).toContain('of lse undecided, because no finite bound is known');
  expect(terminal.report(madeUp, context)).not.toContain('Undecided');
});

test('causes that a result names are the reason', () => {
  const because = ['a divisor may be 0', 'a number may be rounded either way'];
  const checks = [check('mine', 'fp8-write+grouped/full/oracle/f32', { error: { o: { ...counts(90, 10), because } } })];
  expect(undecidedLines(checks)).toEqual([
    'mine: 10 % of o undecided, because a divisor may be 0, or a number may be rounded either way (fp8-write+grouped/full/oracle/f32)',
  ]);
  expect(undecidedTable(checks)).toEqual([
    '| adapter | check | output | undecided | of elements | because |',
    '|---|---|---|---|---|---|',
    '| mine | fp8-write+grouped/full/oracle/f32 | o | 10 % | 100 | a divisor may be 0, or a number may be rounded either way |',
  ]);
  expect(undecidedTable([check('mine', 'softmax/full/oracle/f32', { error: { o: counts(1000, 5) } })])).toEqual([]);
});

test('hunts are told in a line for each adapter, with the largest ratio and that of drawn cases', () => {
  const hunt = (cases: number, maxOverBound: number) => ({ cases, maxOverBound, case: minimalCase });
  const checks = [
    check('mine', 'softmax/full/oracle/f32', { error: { o: counts(10, 0, 0.3) }, hunt: hunt(100, 0.5) }),
    check('mine', 'softmax/causal/oracle/f32', { error: { o: counts(10, 0, 0.25) }, hunt: hunt(20, 0.75) }),
    check('mine', 'softmax/any/strided/f32', { error: { o: counts(10, 0, 0.9) } }),
  ];
  const [line, ...others] = huntLines(checks);
  expect(others).toEqual([]);
  expect(line).toMatch(
    /^mine: 120 cases in 2 checks; largest error ÷ bound 0.75, against 0.3 in the drawn cases; found in softmax\/causal\/oracle\/f32: b=1 /,
  );
  expect(terminal.report({ ...madeUp, checks, profiles: [] }, context)).toContain(`Hunt\n  ${line}\n`);
  expect(huntLines(madeUp.checks)).toEqual([]);
});
