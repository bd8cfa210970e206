import { diffResults } from '../../../reports/diff/diff.js';
import { isRegression } from '../../../reports/diff/gate.js';
import { readResult } from '../../../reports/read-result.js';
import { exitCodes } from '../../exit-code.js';
import { describeDiff } from '../diff-text.js';

export interface DiffFlags {
  readonly gate?: boolean;
  readonly json?: boolean;
}

/** `attn-cts diff`. @returns the exit code. */
export async function diffAction(old: string, now: string, { gate, json }: DiffFlags): Promise<number> {
  const diff = diffResults(await readResult(old), await readResult(now));
  process.stdout.write(json ? `${JSON.stringify(diff, null, 2)}\n` : describeDiff(diff));
  return gate && isRegression(diff) ? exitCodes.failed : exitCodes.passed;
}
