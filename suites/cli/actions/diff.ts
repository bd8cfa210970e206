import { diffResults } from '../../../reports/diff/diff.js';
import { isRegression } from '../../../reports/diff/gate.js';
import { type BenchDiff, diffBenches } from '../../../reports/diff/timings.js';
import { readBench } from '../../../reports/files/read-bench.js';
import { readResult } from '../../../reports/files/read-result.js';
import { jsonText } from '../../../reports/text/plain-text.js';
import { exitCodes } from '../../lib/exit-code.js';
import { UsageError } from '../../lib/usage-error.js';
import { describeDiff } from '../text/diff.js';

export interface DiffFlags {
  readonly gate?: boolean;
  readonly bench?: string[];
  readonly json?: boolean;
}

/** Runs `attn-cts diff`. @returns the exit code. */
export async function diffAction(old: string, now: string, { gate, bench, json }: DiffFlags): Promise<number> {
  const benches = bench && (await diffOf(bench));
  const diff = diffResults(await readResult(old), await readResult(now));
  process.stdout.write(json ? jsonText({ ...diff, ...(benches && { bench: benches }) }) : describeDiff(diff, benches));
  return gate && isRegression(diff) ? exitCodes.failed : exitCodes.passed;
}

async function diffOf(files: readonly string[]): Promise<BenchDiff> {
  if (files.length !== 2) throw new UsageError(`--bench: found ${files.length}, must be two files: before and after`);
  return diffBenches(await readBench(files[0]), await readBench(files[1]));
}
