import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DocumentError } from '../../../spec/lib/documents.js';
import { readSpecFolder } from '../../../suites/lib/spec-folder.js';
import { UsageError } from '../../../suites/lib/usage-error.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('a folder of spec documents', () => {
  it('gives what lies in its three folders, in order', () => {
    write('masks/b.json', '{"name": "b"}');
    write('masks/a.json', '{"name": "a"}');
    write('profiles/p.json', '3');
    write('operators/o.json', '{}');
    write('operators/README.md', 'not a document');
    write('other.json', '{}');
    expect(readSpecFolder(folder).map(({ kind, document, value }) => [kind, document.slice(folder.length + 1), value])).toEqual([
      ['operator', join('operators', 'o.json'), {}],
      ['maskSpec', join('masks', 'a.json'), { name: 'a' }],
      ['maskSpec', join('masks', 'b.json'), { name: 'b' }],
      ['profile', join('profiles', 'p.json'), 3],
    ]);
  });

  it('must be there and hold something', () => {
    expect(() => readSpecFolder(join(folder, 'absent'))).toThrow(UsageError);
    expect(() => readSpecFolder(folder)).toThrow(/found no documents in .* operators, masks, profiles/);
  });

  it('names the file that is not JSON', () => {
    write('masks/broken.json', '{');
    expect(() => readSpecFolder(folder)).toThrow(DocumentError);
    expect(() => readSpecFolder(folder)).toThrow(/broken\.json: at \$: this is not JSON/);
  });
});
