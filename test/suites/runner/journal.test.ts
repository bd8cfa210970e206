import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../spec/types/documents.js';
import { Journal, type JournalHeader, readJournal } from '../../../suites/runner/record/journal.js';
import { scratch } from './run-kernels.js';

const header: JournalHeader = {
  format: 1,
  shard: null,
  plan: 'abc',
  seed: 0,
  suite: '0.1.0',
  spec: { 'operator softmax': '1.0.0' },
  started: '2026-01-01T00:00:00.000Z',
};
const check = (id: string): CheckResult => ({
  id,
  adapter: 'mine',
  verdict: 'pass',
  cases: 50,
  undecided: 1,
  coverage: { 'g>1': 3 },
  milliseconds: 1.5,
});
const checks = ['softmax/full/oracle/f32', 'softmax/causal/oracle/f32', 'softmax/any/deterministic/f32'].map(check);

function written(): string {
  const path = join(scratch(), 'journal.jsonl');
  const journal = Journal.create(path, header);
  for (const c of checks) {
    journal.begin(c.adapter, c.id);
    journal.finish(c);
  }
  return path;
}

describe('a journal', () => {
  test('gives back what was finished', () => {
    expect(readJournal(written(), { ...header, started: 'later' })).toEqual({ header, checks });
  });

  test('that is not there has nothing', () => {
    expect(readJournal(join(scratch(), 'journal.jsonl'), header)).toBeUndefined();
  });

  test('cut anywhere gives back a beginning of it, and goes on from there', () => {
    const path = written();
    const text = readFileSync(path, 'utf8');
    fc.assert(
      fc.property(fc.integer({ min: text.indexOf('\n') + 1, max: text.length }), (cut) => {
        writeFileSync(path, text.slice(0, cut));
        const state = readJournal(path, header);
        const known = state?.checks ?? [];
        expect(known).toEqual(checks.slice(0, known.length));
        const journal = Journal.continue(path, { header, checks: known });
        for (const c of checks.slice(known.length)) journal.finish(c);
        expect(readJournal(path, header)?.checks).toEqual(checks);
      }),
      { numRuns: 60 },
    );
  });

  test('cut within its header is none', () => {
    const path = written();
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
    expect(readJournal(path, header)).toBeUndefined();
  });

  test('a changed byte is noticed', () => {
    const path = written();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"cases":50', '"cases":51'));
    expect(readJournal(path, header)?.checks).toEqual([]);
  });

  test.each([
    ['another plan', { plan: 'abd' }],
    ['another seed', { seed: 1 }],
    ['another version of attention-cts', { suite: '0.2.0' }],
    ['other spec documents', { spec: {} }],
  ])('under %s is refused', (what, change) => {
    expect(() => readJournal(written(), { ...header, ...change })).toThrow(what);
  });

  test('of any bytes is read or refused', () => {
    const path = join(scratch(), 'journal.jsonl');
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string()), { maxLength: 5 }), fc.boolean(), (lines, headed) => {
        writeFileSync(path, headed ? `${JSON.stringify(header)}\n` : '');
        appendFileSync(path, lines.join('\n'));
        try {
          expect(readJournal(path, header)?.checks ?? []).toEqual([]);
        } catch (error) {
          expect((error as Error).name).toBe('UsageError');
        }
      }),
      { numRuns: 60 },
    );
  });
});
