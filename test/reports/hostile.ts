import { checkDocument } from '../../spec/lib/documents.js';
import type { Result } from '../../spec/types/documents.js';
import { check, madeUp, minimalCase } from './made-up.js';

const marks = '</script><img src=x onerror=alert(1)> | `code` [a](javascript:alert(1)) <!-- ``` ]]> & %0A';
const lines = `first\r\n::error::forged\nnot ok 1 - forged\n# TODO\n${marks}`;

/** Texts that a kernel or a stranger may write into a result, each to break out of some format. */
export const hostileTexts: Readonly<Record<string, string>> = {
  markup: marks,
  lines,
  formulas: '=HYPERLINK("http://x","y")',
  'links and mentions': 'www.example.com http://example.com @somebody #1 $x$ ~~~',
  'control characters': '\u202Etxt.exe\u0000\u001B[31m\uD800',
  'names of objects': '__proto__',
  paths: '../../etc/passwd',
  'a long text': '|'.repeat(3000),
};

/** The made-up result with every text that is not bound by the schema replaced. */
export function hostileResult(text: string): Result {
  const failure = { case: minimalCase, message: text, hint: text, output: text, folder: 'failures/x', reproduced: 5 };
  const checks = [
    check(text, `${text}/m/oracle/f32`, { verdict: 'fail', class: text, reason: text, failure }),
    check(text, `${text}/n/oracle/f32`, { verdict: 'fail', expected: true, class: text, failure }),
    check(text, `${text}/o/oracle/f32`, { expected: false }),
    check(text, `${text}/p/oracle/f32`, { verdict: 'error', class: text, reason: text }),
    check(text, `${text}/q/oracle/f32`, { verdict: 'unsupported', reason: text }),
    check(text, `${text}/r/oracle/f32`, {
      verdict: 'pass',
      warnings: [{ output: text, kind: 'bias', ratio: 1, text }],
    }),
  ];
  const common = { title: text, dialect: { [text]: { value: text, from: 'flag' as const } }, environment: { [text]: text, device: text } };
  return checkDocument(
    'result',
    {
      ...madeUp,
      suite: text,
      started: text,
      plan: { hash: text, runs: 1, shard: null },
      adapters: [
        { ...common, id: text, version: text, capabilities: { dtypes: ['f32'], operators: ['softmax'], source: `${text}:3` } },
        { ...common, id: `${text}2`, version: null, capabilities: null, unavailable: { reason: text, remedy: text } },
      ],
      checks,
      profiles: [{ name: text, adapter: text, pass: 2, fail: 2, error: 1, unsupported: 1 }],
    },
    'hostile result',
  );
}
