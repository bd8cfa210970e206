import { dirname, resolve } from 'node:path';
import { makeFolder } from '../../../adapters/system/make-folder.js';
import { copyFailureFolder } from '../../../reports/files/failure-folder.js';
import { readResult } from '../../../reports/files/read-result.js';
import { exitCodeOf } from '../../lib/exit-code.js';
import { forFlag, requireFile } from '../../lib/files.js';
import { writeAside } from '../../lib/write-aside.js';
import { writeCosts } from '../../plan/shards/cost-table.js';
import { mergeResults, type NamedResult } from '../../plan/shards/merge.js';
import { defaults } from '../defaults.js';
import { openReporters, writeReports } from '../report-output.js';

export interface MergeFlags {
  readonly out: string;
  readonly reporter?: string[];
  readonly writeCosts?: string;
  readonly allowIncomplete?: boolean;
  readonly failOnWarnings?: boolean;
  readonly verbose?: boolean;
}

/** Runs `attn-cts merge`. @returns the exit code. */
export async function mergeAction(files: readonly string[], flags: MergeFlags): Promise<number> {
  const outputs = await openReporters(flags.reporter ?? [defaults.reporter]);
  const parts: NamedResult[] = [];
  for (const document of files) parts.push({ document, result: await readResult(document) });
  const merged = mergeResults(parts);
  requireFile('--out', flags.out);
  forFlag('--out', () => makeFolder(dirname(resolve(flags.out))));
  for (const part of parts) await forFlag('--out', () => copyFailures(part, flags.out));
  // folders first, so that the document never names a missing one
  writeAside('--out', flags.out, `${JSON.stringify(merged, null, 2)}\n`);
  if (flags.writeCosts !== undefined) writeCosts(flags.writeCosts, merged);
  await writeReports(outputs, merged, { out: dirname(flags.out), sources: {}, verbose: flags.verbose === true });
  const { allowIncomplete = false, failOnWarnings = false } = flags;
  return exitCodeOf(merged, { named: [], allowIncomplete, failOnWarnings });
}

async function copyFailures({ document, result }: NamedResult, out: string): Promise<void> {
  if (resolve(dirname(document)) === resolve(dirname(out))) return;
  for (const { failure } of result.checks) {
    if (failure?.folder !== undefined) await copyFailureFolder(document, failure.folder, out);
  }
}
