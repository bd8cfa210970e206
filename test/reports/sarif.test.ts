import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../reports/result/result.js';
import { sarif } from '../../reports/sarif.js';
import type { Result } from '../../spec/types/documents.js';
import { hostileResult, hostileTexts } from './hostile.js';
import { context, madeUp } from './made-up.js';

const { $schema: _draft4, id: _id, ...schema } = JSON.parse(readFileSync(new URL('./schemas/sarif-2.1.0.json', import.meta.url), 'utf8'));
const address = /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/;
const validate = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => address.test(text) && URL.canParse(text),
    'uri-reference': (text: string) => address.test(text) && URL.canParse(text, 'file:///'),
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  },
}).compile(schema);

function logOf(result: Result): Log {
  const log: Log = JSON.parse(sarif.report(result, { ...context, properties: { oracle: 'o is right' } }));
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log;
}

const results = (result: Result) => logOf(result).runs[0].results ?? [];
const from = (source: string): Result => ({
  ...madeUp,
  adapters: madeUp.adapters.map((a) => ({ ...a, capabilities: { dtypes: ['f32'], operators: ['softmax'], source } })),
});

describe('SARIF report', () => {
  it('has a schema that tells', () => {
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  it('has a rule for each property and a result for each failure', () => {
    const [run] = logOf(madeUp).runs;
    expect(run.tool.driver.rules?.map((r) => r.id).slice(0, 3)).toEqual(['oracle', 'gradient', 'deterministic']);
    expect(run.tool.driver.rules?.[0].shortDescription?.text).toBe('o is right');
    expect(run.results?.map((r) => [r.ruleId, r.level, r.suppressions?.length ?? 0])).toEqual([
      ['oracle', 'error', 0],
      ['oracle', 'error', 1],
      ['oracle', 'error', 0],
      ['deterministic', 'error', 0],
    ]);
    const asked = madeUp.checks.filter((c) => ['failure', 'expected-failure', 'unexpected-pass'].includes(outcomeOf(c)));
    expect(run.results).toHaveLength(asked.length);
    expect(run.invocations?.[0].toolExecutionNotifications).toHaveLength(2);
  });

  it('points at the source where it is a place below the working folder, and always at the check', () => {
    const [{ locations: [place] = [] }] = results(from('kernels/my kernel.py:42'));
    expect(place.physicalLocation?.artifactLocation?.uri).toBe('kernels/my%20kernel.py');
    expect(place.physicalLocation?.region?.startLine).toBe(42);
    const [{ locations: [elsewhere] = [] }] = results(from('/root/kernel.py:42'));
    // else at the kernel's own file
    expect(elsewhere.physicalLocation?.artifactLocation?.uri).toBe('my%20kernel.js');
    expect(elsewhere.logicalLocations?.[0].fullyQualifiedName).toBe('mine::softmax/causal/oracle/f32');
  });

  it('has a fingerprint for a check, adapter and class, whatever the values', () => {
    const prints = (result: Result) => results(result).map((r) => r.partialFingerprints?.['attentionCtsCheck/v1']);
    const changed = (change: object): Result => ({ ...madeUp, checks: madeUp.checks.map((c) => ({ ...c, ...change })) });
    expect(new Set(prints(madeUp)).size).toBe(4);
    expect(prints(changed({ milliseconds: 1, reason: 'else', failure: undefined }))).toEqual(prints(madeUp));
    expect(prints(changed({ class: 'nan' }))[0]).not.toBe(prints(madeUp)[0]);
  });

  it.each([...Object.entries(hostileTexts), ['words of the builder', 'SARIF_BUILDER_INVALID']])(
    'validates whatever a kernel says: %s',
    (_, text) => {
      const found = results(hostileResult(text));
      expect(found).toHaveLength(3);
      for (const { message } of found) expect(message.text).not.toMatch(/(?<!\\)\]\(/);
    },
  );

  it('validates with any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        logOf(hostileResult(text));
      }),
      { numRuns: 50 },
    );
  });
});
