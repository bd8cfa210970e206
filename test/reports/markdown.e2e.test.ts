import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, fenced } from '../../reports/markdown/escape.js';
import { markdown } from '../../reports/markdown/index.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { check, context, madeUp, minimalCase } from './made-up.js';

const failing = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    check('mine', `softmax/m${i}/oracle/f32`, {
      verdict: 'fail',
      class: 'value',
      failure: { case: minimalCase, message: 'x'.repeat(500), folder: `failures/mine/m${i}`, reproduced: 5 },
    }),
  );

describe('Markdown report', () => {
  it('shows everything a reader needs', () => {
    expect(markdown.report(madeUp, context)).toMatchSnapshot();
  });

  it('begins with what matters most', () => {
    const first = (checks: typeof madeUp.checks) => markdown.report({ ...madeUp, checks }, context).split('\n')[0];
    expect(first(madeUp.checks)).toBe('## ❌ attention-cts: 2 unexpected failures, 1 check passed unexpectedly');
    expect(first(failing(1))).toBe('## ❌ attention-cts: 1 unexpected failure');
    expect(first(madeUp.checks.slice(0, 3))).toBe('## ✅ attention-cts: 3 checks passed');
    expect(first([check('mine', 'a/b/c/d', {}), check('mine', 'a/b/e/d', { verdict: 'not-run' })])).toBe(
      '## ⚠️ attention-cts: inconclusive on 1 check',
    );
  });

  it('says what several failures have in common', () => {
    const checks = failing(3).map((c) => ({ ...c, failure: { ...c.failure, hint: 'strides `are` ignored' } }) as typeof c);
    expect(markdown.report({ ...madeUp, checks }, context)).toMatch(
      /#### ❌ <code>mine&#58;&#58;softmax\/m0\/oracle\/f32<\/code> fail, <code>value<\/code>, and 2 more like it\n\n```\nhint {6}strides `are` ignored\n/,
    );
    const two = markdown.report({ ...madeUp, checks: [...checks, ...failing(1)] }, context);
    expect(two).toContain(
      '### Causes\n\n- <code>mine</code>: 3 failures: <code>strides &#96;are&#96; ignored</code>\n- <code>mine</code>: 1 failure: ',
    );
  });

  it('is short where everything errors', () => {
    const checks = Array.from({ length: 400 }, (_, i) =>
      check('mine', `softmax/m${i}/oracle/f32`, { verdict: 'error', class: 'oracle', reason: 'the oracle threw' }),
    );
    const text = markdown.report({ ...madeUp, adapters: madeUp.adapters.slice(0, 1), checks }, context);
    expect(text).toContain('nothing was judged');
    expect(text).toContain('400 checks, the first softmax/m0/oracle/f32');
    expect(text.split('\n').length).toBeLessThan(10);
  });

  it('stays under 1 MiB and says how much it left out', () => {
    // a diagnosis each, told apart by letters: numbers do not
    const word = (i: number) => String(i).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]);
    const other = failing(3000).map((c, i) => ({ ...c, failure: { ...c.failure, hint: `${word(i)} is ignored` } }) as typeof c);
    const checks = [...other, ...failing(3000).map((c) => ({ ...c, id: `${c.id}@x`, expected: true }))];
    const text = markdown.report({ ...madeUp, checks }, context);
    expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20);
    const shown = text.match(/^#### /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text).toContain(`… and ${3000 - shown} more causes: they are in the result document.`);
    expect(text).toContain('3000 expected failures</summary>');
  });

  it.each(Object.entries(hostileTexts))('is not broken by %s', (_, text) => {
    const report = markdown.report(hostileResult(text), context);
    const outside = report.replaceAll(/^(`{3,})(?:json)?\n[\s\S]*?\n\1$/gm, '');
    expect(outside).not.toMatch(/<(?!\/?(?:code|details|summary)>)|javascript:|http:|@somebody|\]\(/);
    expect(outside.match(/<details>/g)?.length).toBe(outside.match(/<\/details>/g)?.length);
    for (const row of outside.match(/^\|.*$/gm) ?? []) expect([5, 9]).toContain(row.match(/\|/g)?.length);
    expect(report).not.toMatch(/[^\P{Cc}\n]|\u202E|\p{Cs}/u);
  });

  it('quotes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(code(text)).toMatch(/^<code>[^<>|`*_\n[\]\\"']*<\/code>$/);
        const lines = fenced(text).split('\n');
        expect(lines.slice(1, -1).some((line) => line.trim().startsWith(lines[0]))).toBe(false);
        expect(lines.at(-1)).toBe(lines[0]);
      }),
    );
  });
});
