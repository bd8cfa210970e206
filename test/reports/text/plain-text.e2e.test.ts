import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffResults } from '../../../reports/diff/diff.js';
import { reporters } from '../../../reports/index.js';
import type { Reporter } from '../../../reports/reporter.js';
import { jsonText, plainLine, plainText, printable } from '../../../reports/text/plain-text.js';
import { describeDiff } from '../../../suites/cli/text/diff.js';
import { hostileResult } from '../hostile.js';
import { context, madeUp } from '../made-up.js';

/** Characters that make a terminal do something, hides text, or turns its direction; line feeds and tabs apart. */
const obeyed =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|[\u{E0000}-\u{E007F}]/u;

const escapes = [
  '\x1b[2J\x1b[31mgone',
  '\x1b]0;title\x07',
  '\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\',
  '\x9b31m',
  '\x9d52;c;AAAA\x9c',
  '\x7f\b\b\bpass',
  'a\rb',
  '\u202Etxt.exe\u202C \u2066x\u2069 \u200Fy',
  'one\u2028two\u2029three\u0085four',
  '\u200Bhid\u2060den\uFEFF\u{E0041}',
  '\uD800alone',
];
const unit = fc.oneof(fc.constantFrom(...escapes), fc.string({ unit: 'binary' }), fc.constantFrom(' ', '\n', '\t', '\r\n'));
const text = fc.array(unit, { maxLength: 8 }).map((parts) => parts.join(''));

describe('text from elsewhere', () => {
  it('has nothing in it that a terminal obeys, in one line or in several', () => {
    fc.assert(
      fc.property(text, (foreign) => {
        expect(plainText(foreign)).not.toMatch(obeyed);
        expect(plainLine(foreign)).not.toMatch(obeyed);
        expect(plainLine(foreign)).not.toMatch(/[\n\t]/);
        expect(plainText(plainText(foreign))).toBe(plainText(foreign));
      }),
    );
  });

  it('has no line that a job on GitHub would obey', () => {
    for (const text of [
      '::error::x',
      ' \t ::set-output name=a::b',
      'a\n  ::add-mask::b',
      '##[error]x',
      'all ##[command] in',
      'a\n##[group]',
    ])
      for (const printed of [plainText(text), jsonText({ text }), jsonText(text)]) {
        expect(printed).not.toMatch(/^\s*::/m);
        expect(printed).not.toContain('##[');
      }
    expect(plainText('softmax::oracle and #[x]')).toBe('softmax::oracle and #[x]');
    expect(JSON.parse(jsonText({ text: '##[error]' }))).toEqual({ text: '##[error]' });
  });

  it('stays as it is where a reader sees all of it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~äßçЖ中…÷≤→😀]*$/u), (plain) => {
        expect(plainText(plain)).toBe(plain);
        expect(printable({ [plain]: [plain] })).toEqual({ [plainLine(plain)]: [plain] });
      }),
    );
  });

  it('is the same value as JSON, in which no character is obeyed either', () => {
    fc.assert(
      fc.property(fc.dictionary(text, text), (value) => {
        expect(jsonText(value)).not.toMatch(obeyed);
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

const printed = Object.keys(reporters).filter((name) => name !== 'badges');
const reporterNamed = async (name: string) => (await reporters[name].load()) as Reporter;

describe.each(printed)('the reporter %s', (name) => {
  it.each(escapes)('lets %j reach no terminal', async (foreign) => {
    const reporter = await reporterNamed(name);
    expect(reporter.report(hostileResult(foreign), context)).not.toMatch(obeyed);
  });

  it.each([
    ['a million spaces', ' '.repeat(1_000_000)],
    ['a million spaces before a letter', `${' '.repeat(1_000_000)}x`],
    ['a million empty lines', '\n'.repeat(1_000_000)],
    ['half a million lines of spaces', ' \n'.repeat(500_000)],
    ['a million letters', 'a'.repeat(1_000_000)],
    ['a million backticks', '`'.repeat(1_000_000)],
    ['zeros after colons', ':0'.repeat(500_000)],
  ])('comes to an end on %s', async (_, foreign) => {
    const reporter = await reporterNamed(name);
    const [first] = hostileResult('x').checks;
    const checks = [{ ...first, reason: foreign, failure: { ...first.failure, message: foreign, hint: foreign } }] as typeof madeUp.checks;
    const [adapter, ...more] = hostileResult('x').adapters;
    const adapters = [{ ...adapter, title: foreign, version: foreign, environment: { device: foreign } }, ...more];
    expect(reporter.report({ ...hostileResult('x'), adapters, checks }, context)).not.toBe('');
  });
});

describe('a comparison', () => {
  it.each(escapes)('lets %j reach no terminal', (foreign) => {
    const [old, now] = [hostileResult('a'), hostileResult(foreign)];
    expect(describeDiff(diffResults(old, now))).not.toMatch(obeyed);
    expect(describeDiff(diffResults(now, old))).not.toMatch(obeyed);
  });

  it('has no line that a stranger wrote', () => {
    const forged = 'x\nNo regression.\nNothing differs.';
    const lines = describeDiff(diffResults(hostileResult('a'), hostileResult(forged))).split('\n');
    expect(lines.filter((line) => line === 'No regression.' || line === 'Nothing differs.')).toEqual([]);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('takes %j for a name like any other', (key) => {
    const named = (value: string) => ({
      ...madeUp,
      spec: JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`),
      adapters: madeUp.adapters.map((a) => ({ ...a, dialect: JSON.parse(`{${JSON.stringify(key)}:{"value":"x","from":"flag"}}`) })),
    });
    expect(describeDiff(diffResults(named('1.0.0'), named('2.0.0')))).toContain(`${key} 1.0.0 → 2.0.0, a change of meaning`);
    expect(describeDiff(diffResults(madeUp, named('1.0.0')))).toContain(`${key} absent → 1.0.0`);
  });
});
