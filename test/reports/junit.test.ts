import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junit } from '../../reports/junit.js';
import { check, context, madeUp } from './made-up.js';

/** Well-formed as far as this report goes: tags nest, text holds no bare markup and no forbidden character. */
function elements(xml: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const token = /<\?xml [^?]*\?>|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  for (let at = 0; at < xml.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(xml);
    if (!found) throw new Error(`no XML at ${at}: ${xml.slice(at, at + 60)}`);
    const [, close, name, attributes, empty, text] = found;
    for (const part of [attributes, text])
      if (part && /&(?!amp;|lt;|gt;|quot;|apos;|#x?[0-9A-Fa-f]+;)/.test(part)) throw new Error(`bare & in ${part}`);
    if (!name) continue;
    if (close) expect(open.pop()).toBe(name);
    else {
      names.push(name);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  expect(xml).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
  return names;
}

describe('JUnit report', () => {
  const xml = junit.report(madeUp, context);
  const names = elements(xml);
  const count = (name: string) => names.filter((n) => n === name).length;

  it('has a suite for each adapter and a test case for each check', () => {
    expect(count('testsuite')).toBe(3);
    expect(count('testcase')).toBe(madeUp.checks.length);
  });

  it('counts failures, errors and skipped ones as CI will', () => {
    // value, crash, unexpected pass · vacuous · expected, 5 unsupported, not-run, unavailable
    expect([count('failure'), count('error'), count('skipped')]).toEqual([3, 1, 8]);
    expect(xml).toContain('<testsuites name="attention-cts" tests="16" failures="3" errors="1" skipped="8">');
  });

  it('has a case that says so for an adapter whose checks are not even known', () => {
    const bare = junit.report({ ...madeUp, checks: [] }, context);
    expect(elements(bare).filter((n) => n === 'testcase')).toHaveLength(1);
    expect(bare).toContain('the package absent is not installed; remedy: npm install absent');
  });

  it('says what failed and how to see it again', () => {
    expect(xml).toContain('message="o is not a number" type="value"');
    expect(xml).toContain("attn-cts replay attn-cts-out/failures/mine/softmax_causal_oracle_f32/failure.json --adapter './my kernel.js'");
    expect(xml).toContain('expected failure: lse');
    expect(xml).toContain('unavailable: the package absent is not installed');
  });

  it('is well-formed whatever a kernel says', () => {
    const anything = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        anything,
        anything,
        fc.constantFrom('fail' as const, 'error' as const, 'not-run' as const),
        (reason, failureClass, verdict) => {
          const checks = [
            check('mine', 'softmax/full/oracle/f32', { verdict, reason, class: failureClass }),
            check('mine', 'x', { verdict: 'unsupported', reason: `${reason}]]>` }),
          ];
          elements(junit.report({ ...madeUp, checks }, context));
        },
      ),
    );
  });
});
