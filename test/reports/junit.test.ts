import fc from 'fast-check';
import { DOMParser } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { junit } from '../../reports/junit.js';
import { outcomeOf } from '../../reports/result/result.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { check, context, madeUp } from './made-up.js';

/** Names of the elements of a report, which must be well-formed: tags nest, and text has no bare markup and no forbidden character. */
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

/** Required attributes and allowed children of each element, in order, by the schema of Jenkins' xUnit plugin. */
const grammar: Record<string, { required: string[]; children: string[] }> = {
  testsuites: { required: [], children: ['testsuite'] },
  testsuite: { required: ['name', 'tests'], children: ['properties', 'testcase', 'system-out', 'system-err'] },
  properties: { required: [], children: ['property'] },
  property: { required: ['name', 'value'], children: [] },
  testcase: { required: ['name', 'classname'], children: ['skipped', 'error', 'failure', 'system-out', 'system-err'] },
  failure: { required: ['type', 'message'], children: [] },
  error: { required: ['type', 'message'], children: [] },
  skipped: { required: [], children: [] },
  'system-out': { required: [], children: [] },
};

/** Requires that a report follows the grammar, and that the counts of each element agree with its content. */
function requireGrammar(xml: string): void {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
  expect(root.tagName).toBe('testsuites');
  for (const element of [root, ...root.querySelectorAll('*')]) {
    const { required, children } = grammar[element.tagName];
    expect(required.filter((name) => !element.hasAttribute(name))).toEqual([]);
    const order = [...element.children].map((child) => children.indexOf(child.tagName));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    for (const [attribute, held] of Object.entries({ tests: 'testcase', failures: 'failure', errors: 'error', skipped: 'skipped' })) {
      if (element.hasAttribute(attribute)) {
        expect(Number(element.getAttribute(attribute))).toBe(element.querySelectorAll(held).length);
      }
    }
  }
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

  it('keeps to the schema that CI reads it by, and agrees with the result', () => {
    requireGrammar(xml);
    const outcomes = madeUp.checks.map(outcomeOf);
    const of = (...wanted: string[]) => outcomes.filter((o) => wanted.includes(o)).length;
    expect(count('failure')).toBe(of('failure', 'unexpected-pass'));
    expect(count('error')).toBe(of('error'));
    expect(count('skipped')).toBe(of('skipped', 'expected-failure'));
  });

  it.each(Object.entries(hostileTexts))('keeps to it whatever a kernel says: %s', (_, text) => {
    const report = junit.report(hostileResult(text), context);
    elements(report);
    requireGrammar(report);
  });

  it('has a case that says so for an adapter whose checks are not even known', () => {
    const bare = junit.report({ ...madeUp, checks: [] }, context);
    expect(elements(bare).filter((n) => n === 'testcase')).toHaveLength(1);
    expect(bare).toContain('the package absent is not installed; remedy: npm install absent');
  });

  it('says what failed and how to see it again', () => {
    expect(xml).toContain('message="o is not a number" type="value"');
    expect(xml).toContain(
      "npx attention-cts replay attn-cts-out/failures/mine/softmax_causal_oracle_f32/failure.json --adapter './my kernel.js'",
    );
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
