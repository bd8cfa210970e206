import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../adapters/system/make-folder.js';

const scratch = mkdtempSync(join(tmpdir(), 'attention-cts-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('a folder', () => {
  it('is made with those above it, and stays where it is there', () => {
    const folder = join(scratch, 'a', 'b', 'c');
    for (let time = 0; time < 2; time++) makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('is refused below a file', () => {
    writeFileSync(join(scratch, 'file'), '');
    expect(() => makeFolder(join(scratch, 'file', 'x', 'y'))).toThrow(/ENOTDIR|EEXIST/);
  });

  it.skipIf(process.platform !== 'linux')('is refused where the system makes none, and not tried for ever', () => {
    expect(() => makeFolder('/proc/attention-cts/x')).toThrow(/ENOENT/);
  });
});
