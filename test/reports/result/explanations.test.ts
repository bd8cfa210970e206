import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reporters } from '../../../reports/index.js';
import { openText, withSharedHints } from '../../../reports/result/explanations.js';
import type { CheckResult, Explanation } from '../../../spec/types/documents.js';
import { check, context, madeUp, minimalCase } from '../made-up.js';

const failed = (id: string, failure: Partial<CheckResult['failure']>, more: Partial<CheckResult> = {}) =>
  check('mine', id, {
    verdict: 'fail',
    class: 'value',
    failure: { case: minimalCase, message: 'o is off', reproduced: 5, ...failure },
    ...more,
  });
const apart = 'these explanations all fit the failing cases';

it('the explanations that a check leaves are named, with their sizes', () => {
  const text = (...explanations: Explanation[]) => openText(failed('a/b/oracle/f32', { explanations }, { class: 'law' }));
  expect(text({ text: 'tiles of {} keys', sizes: [8, 16] }, { text: 'no mask' })).toBe(`${apart}: tiles of 8 or 16 keys; no mask`);
  expect(text({ text: 'tiles of {} keys', sizes: [1] })).toBe(`${apart}: tiles of 1 key`);
  expect(text(...['a', 'b', 'c', 'd', 'e', 'f'].map((one) => ({ text: one })))).toBe(`${apart}: a; b; c; d; 2 more`);
});

it('what was looked for and not found is said, and why where a fault of the suite ended the search', () => {
  expect(openText(failed('a/b/oracle/f32', {}))).toMatch(/^not found: no mask/);
  expect(openText(failed('a/b/oracle/f32', { unexplained: 'no such size' }))).toMatch(/^not found: .* suite .*: no such size$/);
  for (const none of [
    failed('a/b/oracle/f32', {}, { class: 'law' }),
    failed('a/b/oracle/f32', { hint: 'no mask', unexplained: 'no such size' }),
    failed('a/b/oracle/f32', {}, { expected: true }),
    failed('a/b/oracle/f32', {}, { verdict: 'crash' }),
    check('mine', 'a/b/oracle/f32', {}),
  ])
    expect(openText(none)).toBeUndefined();
});

it('checks are told the same in whatever order they come, and once', () => {
  const explanation = fc.record(
    {
      text: fc.constantFrom('no mask', 'a lost mask', 'tiles of {} keys'),
      sizes: fc.uniqueArray(fc.constantFrom(8, 16, 32), { minLength: 1 }),
    },
    { requiredKeys: ['text'] },
  );
  const checks = fc.array(
    fc.record(
      {
        explanations: fc.uniqueArray(explanation, { minLength: 1, maxLength: 3, selector: ({ text }) => text }),
        hint: fc.constantFrom('one', 'two'),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(checks, (failures) => {
      const all = failures.map((failure, at) => failed(`a/b/law-${at}/f32`, failure));
      const told = withSharedHints(all);
      expect(withSharedHints([...all].reverse()).reverse()).toEqual(told);
      expect(withSharedHints(told)).toEqual(told);
    }),
  );
});

it('reports of single checks say what another check tells of them', async () => {
  const a = { text: 'a mask that is lost' };
  const open = failed('softmax/full/oracle/f32', { explanations: [a, { text: 'no mask' }] });
  const said = failed('softmax/full/strided/f32', { explanations: [a], hint: `the output matches ${a.text}` });
  const told: string[] = [];
  for (const [name, { load }] of Object.entries(reporters)) {
    const reporter = await load();
    if (!('report' in reporter)) continue;
    const report = (...checks: CheckResult[]) => reporter.report({ ...madeUp, checks }, { ...context, verbose: true });
    if (!report(open).includes(apart)) continue;
    told.push(name);
    expect(report(open, said), name).not.toContain(apart);
    expect(report(open, said), name).toContain(`the output matches ${a.text}`);
  }
  expect(told).toEqual(['github', 'junit', 'markdown', 'sarif', 'tap', 'terminal']);
});

it('no hint advises against a declaration that another one asks for', () => {
  const said = 'the output matches the dialect causal=top-left';
  const doubted = failed('softmax/causal/oracle/f32', { hint: `${said}; but do not declare it: one case that passes would fail` });
  const asked = failed(
    'softmax/any/dialect/f32',
    { hint: 'if this is intended, declare it with --dialect causal=top-left' },
    { class: 'dialect' },
  );
  const other = failed(
    'softmax/any/dialect/f32',
    { hint: 'if this is intended, declare it with --dialect heads=tiled' },
    { class: 'dialect' },
  );
  const hints = (...checks: CheckResult[]) => withSharedHints(checks).map(({ failure }) => failure?.hint);
  expect(hints(doubted, asked)).toEqual([said, asked.failure?.hint]);
  expect(hints(doubted, other)).toEqual([doubted.failure?.hint, other.failure?.hint]);
});
