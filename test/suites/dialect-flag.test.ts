import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DocumentError } from '../../spec/lib/documents.js';
import { readDialectFlags } from '../../suites/dialect-flag.js';
import { UsageError } from '../../suites/lib/usage-error.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-dialect-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
function file(text: string): string {
  const path = join(folder, 'dialect.json');
  writeFileSync(path, text);
  return path;
}

describe('--dialect', () => {
  it('takes axes and files, the last one winning', () => {
    const path = file('{"causal": "top-left", "lseBase": "2"}');
    expect(readDialectFlags([])).toEqual({});
    expect(readDialectFlags([path, 'causal=bottom-right', 'defaultScale=1'])).toEqual({
      causal: 'bottom-right',
      lseBase: '2',
      defaultScale: '1',
    });
    expect(readDialectFlags(['causal=bottom-right', path])).toMatchObject({ causal: 'top-left' });
  });

  it('names what is allowed', () => {
    expect(() => readDialectFlags(['casual=top-left'])).toThrow(/--dialect: unknown axis "casual"; the nearest are causal/);
    expect(() => readDialectFlags(['causal=top'])).toThrow('--dialect: found "top" for causal, allowed: bottom-right, top-left');
    expect(() => readDialectFlags(['absent.json'])).toThrow(UsageError);
    expect(() => readDialectFlags([file('{"window": 3}')])).toThrow(
      /dialect\.json: at \$\.window: found 3 for window, allowed: inclusive, exclusive/,
    );
    expect(() => readDialectFlags([file('[]')])).toThrow(DocumentError);
    expect(() => readDialectFlags([file('{')])).toThrow(/not JSON/);
  });

  it('throws nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.json(), (axis, value, text) => {
        for (const flag of [`${axis}=${value}`, file(text)]) {
          try {
            readDialectFlags([flag]);
          } catch (error) {
            expect(error instanceof UsageError || error instanceof DocumentError).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
