import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openReporters, writeReports } from '../../../suites/cli/report-output.js';
import { UsageError } from '../../../suites/lib/usage-error.js';
import { madeUp } from '../../reports/made-up.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('reporters', () => {
  it('write to files, whose folders are made, and to standard output', async () => {
    const file = join(folder, 'a', 'b=c.json');
    const written: string[] = [];
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    writeReports(await openReporters([`json=${file}`, 'terminal']), madeUp, { out: 'out', sources: {} });
    stdout.mockRestore();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(madeUp);
    expect(written.join('')).toContain('npx attention-cts replay out/failures/mine/softmax_causal_oracle_f32/failure.json\n');
  });

  it('of several files write to a folder, which must be named', async () => {
    const out = join(folder, 'badges');
    writeReports(await openReporters([`badges=${out}`]), madeUp, { out: 'out', sources: {} });
    expect(readFileSync(join(out, 'badges.md'), 'utf8')).toMatch(/^# Badges\n/);
    expect(readFileSync(join(out, 'mine-core@1.svg'), 'utf8')).toMatch(/^<svg/);
    await expect(openReporters(['badges'])).rejects.toThrow(
      '--reporter: badges writes several files; name a folder for them, such as badges=badges',
    );
  });

  it('know what each property asks', async () => {
    const file = join(folder, 'x.sarif');
    writeReports(await openReporters([`sarif=${file}`]), madeUp, { out: 'out', sources: {} });
    expect(readFileSync(file, 'utf8')).toContain('output and LSE lie within the derived error bound of the exact result');
  });

  it.each([
    [['jnuit'], '--reporter: found "jnuit", allowed: junit'],
    [['html'], '--reporter: the site is made from the result: npx attention-cts report attn-cts-out/result.json'],
    [['toString'], '--reporter: found "toString", allowed:'],
    [['junit='], '--reporter: found "junit=", must name a file after ='],
    [['json', 'junit=x.xml', 'terminal'], '--reporter: json and terminal would all go to standard output'],
  ])('%j is refused', async (flags, message) => {
    await expect(openReporters(flags)).rejects.toThrow(message);
    await expect(openReporters(flags)).rejects.toThrow(UsageError);
  });
});
