import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeUpBench } from '../../reports/made-up-bench.js';
import { attnCts } from './attn-cts.js';

const folder = mkdtempSync(join(tmpdir(), 'attn-cts-bench-report-'));
const bench = join(folder, 'bench.json');
beforeAll(() => writeFileSync(bench, JSON.stringify(madeUpBench)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('attn-cts report of timings alone', () => {
  it('prints one format and writes the others', async () => {
    const [csv, svg] = ['timings.csv', 'timings.svg'].map((name) => join(folder, name));
    const flags = ['--reporter', 'markdown', '--reporter', `csv=${csv}`, '--reporter', `svg=${svg}`, '--title', 'Mine'];
    const { code, stdout } = await attnCts('report', '--bench', bench, ...flags);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Mine\n/);
    expect(readFileSync(csv, 'utf8').split('\n')).toHaveLength(madeUpBench.timings.length + 2);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg [^>]*aria-label="Mine"/);
  });

  it.each<[string[], RegExp]>([
    [[], /nothing to report; name a result, such as attn-cts-out\/result\.json, or --bench FILE/],
    [['--reporter', 'csv'], /nothing to report/],
    [['result.json', '--bench', bench, '--reporter', 'csv'], /--reporter: writes timings alone; leave out the results/],
    [['--simulate', 'sweep.json', '--reporter', 'csv'], /--reporter: writes timings; add --bench FILE/],
    [['--bench', bench, '--reporter', 'csv', '--out', 'site'], /--out: --reporter writes no site; name a file after it/],
    [['--bench', bench, '--reporter', 'junit'], /--reporter: found "junit", allowed: .*csv/],
    [['--bench', bench, '--reporter', 'csv='], /must name a file after =/],
    [['--bench', bench, '--reporter', 'csv', '--reporter', 'svg'], /would all go to standard output/],
    [['--bench', join(folder, 'gone.json'), '--reporter', 'csv'], /gone\.json/],
    [['--bench', bench, '--reporter', `csv=${folder}`], /this is a folder; name a file/],
  ])('refuses %j', async (flags, says) => {
    expect(await attnCts('report', ...flags)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
  });
});
