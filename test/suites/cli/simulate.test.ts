import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import h800 from '../../../spec/clusters/h800-8.json' with { type: 'json' };
import { runProgram } from '../../../suites/cli/program.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attention-cts-simulate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function simulate(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => stdout.push(String(text)) > 0),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.push(String(text)) > 0),
  ];
  try {
    return { code: await runProgram(['simulate', ...args]), stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const small = ['--heads', '4', '--key-heads', '2', '--dim', '16', '--cluster', 'h800-8'];

describe('one simulation', () => {
  it('gives the figures of each pass, and a timeline with a row for each rank', async () => {
    const svg = join(folder, 'timeline.svg');
    const { code, stdout } = await simulate('--scheme', 'ring', '--ranks', '4', '--tokens', '1K', ...small, '--svg', svg);
    expect(code).toBe(0);
    for (const text of ['ring on 4 ranks, 1024 tokens', 'FORWARD', 'BACKWARD', 'BOTH', 'over NVLink', 'imbalance'])
      expect(stdout).toContain(text);
    const { document } = parseHTML(readFileSync(svg, 'utf8'));
    const labels = [...document.querySelectorAll('[aria-label="y-axis tick label"] text')].map((text) => text.textContent);
    expect(labels).toEqual(['0', '1', '2', '3']);
    // each rank computes one block at least in each pass
    expect(document.querySelectorAll('[aria-label="bar"] rect').length).toBeGreaterThanOrEqual(8);
  });

  it('agrees with the formulas: bytes of the ring, and the imbalance of contiguous shards', async () => {
    const { stdout } = await simulate('--scheme', 'ring', '--ranks', '4', '--tokens', '1K', ...small, '--json');
    const [{ forward, backward, share, seconds }] = JSON.parse(stdout);
    const keys = 2 * 256 * 16 * 2;
    expect(forward.sentBytes).toEqual({ mean: 2 * keys * 3, most: 2 * keys * 3 });
    expect(forward.bytesByLink).toEqual({ NVLink: 4 * 2 * keys * 3 });
    expect(forward.imbalance).toBeCloseTo(2 - 257 / 1025, 10);
    expect(seconds).toBe(forward.seconds + backward.seconds);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
    for (const pass of [forward, backward]) expect(pass.seconds).toBeGreaterThanOrEqual(pass.computeSeconds.most);
  });

  it('takes the tokens from the lengths of the documents', async () => {
    const mask = ['--mask', 'document-causal', '--param', 'lengths=64,0,192'];
    const { code, stdout } = await simulate('--scheme', 'all-gather', '--ranks', '2', ...small, ...mask, '--pass', 'forward');
    expect({ code, first: stdout.split('\n')[0] }).toEqual({ code: 0, first: 'all-gather on 2 ranks, 256 tokens' });
  });
});

describe('a sweep', () => {
  it('has a row for each combination, and says why one cannot be', async () => {
    const svg = join(folder, 'sweep.svg');
    const flags = ['--scheme', 'ring,ulysses', '--ranks', '2,8', '--tokens', '256,1K', ...small, '--svg', svg];
    const { code, stdout } = await simulate(...flags);
    expect(code).toBe(0);
    const rows = stdout.split('\n').filter((line) => /^(ring|ulysses) /.test(line));
    expect(rows).toHaveLength(8);
    expect(rows.filter((row) => /^ulysses +8 /.test(row)).every((row) => row.includes('ulysses on 8 ranks: '))).toBe(true);
    expect(rows.filter((row) => row.endsWith('fastest'))).toHaveLength(4);
    const { document } = parseHTML(readFileSync(svg, 'utf8'));
    expect(document.querySelectorAll('[aria-label="cell"] rect')).toHaveLength(4);
  });

  it('is refused where nothing can be', async () => {
    const { code, stderr } = await simulate('--scheme', 'ulysses', '--ranks', '3,7', '--tokens', '1K', ...small);
    expect(code).toBe(2);
    expect(stderr).toContain('no combination could be simulated:\n  ulysses on 3 ranks: ');
  });
});

describe('a mistake', () => {
  const one = ['--scheme', 'ring', '--ranks', '2', '--tokens', '64'];
  it.each<[string[], string]>([
    [['--scheme', 'rign', '--ranks', '2', '--tokens', '64', ...small], '--scheme: unknown scheme "rign"; the nearest are ring'],
    [['--scheme', 'ulysses', '--ranks', '3', '--tokens', '64', ...small], 'ulysses on 3 ranks: '],
    [['--scheme', 'ring', '--ranks', '9', '--tokens', '64', ...small], 'the cluster has 8 devices, too few for 9 ranks'],
    [['--scheme', 'ring', '--ranks', '2', ...small], '--tokens: missing'],
    [['--scheme', 'ring', '--ranks', '0', '--tokens', '64', ...small], '--ranks: found "0", must be whole numbers of at least 1'],
    [['--scheme', 'ring', '--ranks', '2', '--tokens', '1G', ...small], '--tokens: found "1G", must be whole numbers of at least 1'],
    [[...one, '--cluster', 'h900-8'], '--cluster: found no cluster and no file "h900-8"; the nearest clusters are h'],
    [[...one, ...small, '--key-heads', '3'], '--key-heads: found 3, must divide the query heads, 4'],
    [[...one, ...small, '--mask', 'casual'], 'casual'],
    [[...one, ...small, '--mask', 'document', '--param', 'lengths=63'], 'lengths'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await simulate(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('in a file of a cluster is named with its path', async () => {
    const file = join(folder, 'own.json');
    writeFileSync(file, JSON.stringify({ ...h800, levels: [{ name: 'NVLink', group: 8, alpha: 0, bandwidth: -1 }] }));
    const { code, stderr } = await simulate(...one, '--cluster', file);
    expect(stderr).toContain(`${file}: at $.levels[0].bandwidth: found -1`);
    expect(code).toBe(2);
    writeFileSync(file, JSON.stringify({ ...h800, name: 'own' }));
    expect(await simulate(...one, '--cluster', file)).toMatchObject({ code: 0 });
  });
});
