import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../../spec/types/documents.js';
import { ended, kernelFile, start } from './attn-cts.js';

const problem = ['--mask', 'causal', '--length', '512', '--heads', '4', '--key-heads', '2', '--dim', '64', '--pass', 'forward'];
const lies = ['zeros', 'late', 'cached', 'clock', 'tenth'];
const nearOne = 0.05;

/** Two adapters that are the same kernel have a ratio near 1, and kernels that lie have no time. @returns what is wrong, in words. */
export async function timings(runs: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-timings-'));
  const wrong: string[] = [];
  try {
    const bench = async (args: readonly string[], codes: readonly number[]): Promise<Bench> => {
      await ended(start(['bench', ...args, '--out', folder]), codes);
      return JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as Bench;
    };
    const ratios: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { timings: rows } = await bench(
        ['--adapter', 'native', '--adapter', kernelFile('twin'), '--baseline', 'native', ...problem, '--time', '3', '--seed', String(run)],
        [0],
      );
      ratios.push(rows[1].ratio?.p50 ?? Number.NaN);
    }
    const near = ratios.filter((ratio) => Math.abs(ratio - 1) <= nearOne).length;
    console.log(`  two of one kernel: ratios ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}, ${near} of ${runs} within 5 % of 1`);
    if (near < 0.9 * runs) wrong.push(`only ${near} of ${runs} ratios of a kernel to itself are within 5 % of 1`);
    for (const lie of lies) {
      process.env.ATTN_LIE = lie;
      const { timings: rows } = await bench(
        ['--adapter', kernelFile('lies-about-time'), ...problem.slice(0, 2), '--length', '24', '--samples', '12'],
        [1],
      );
      delete process.env.ATTN_LIE;
      const timed = rows.some(({ verdict }) => verdict !== 'wrong' && verdict !== 'unsupported');
      console.log(`  ${lie}: ${rows.find(({ verdict }) => verdict === 'wrong')?.reason ?? 'NOT FOUND'}`);
      if (timed) wrong.push(`${lie} got a time`);
    }
    return wrong;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
