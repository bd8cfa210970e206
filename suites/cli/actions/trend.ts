import { readResult } from '../../../reports/files/read-result.js';
import { jsonText } from '../../../reports/text/plain-text.js';
import { trendsOf } from '../../../reports/trend/trend.js';
import { nearestNames } from '../../../spec/lib/nearest.js';
import { exitCodes } from '../../lib/exit-code.js';
import { UsageError } from '../../lib/usage-error.js';
import { describeTrends } from '../text/trend.js';

export interface TrendFlags {
  readonly adapter?: string;
  readonly json?: boolean;
}

/** Runs `attn-cts trend`. @returns the exit code. @throws {UsageError} @throws {DocumentError} */
export async function trendAction(files: readonly string[], { adapter, json }: TrendFlags): Promise<number> {
  const sources = [];
  for (const file of files) sources.push({ file, result: await readResult(file) });
  const all = trendsOf(sources);
  const trends = adapter === undefined ? all : all.filter((trend) => trend.adapter === adapter);
  if (adapter !== undefined && trends.length === 0) {
    const known = all.map((trend) => trend.adapter);
    throw new UsageError(`--adapter: no result has "${adapter}"; ${nearestNames(adapter, known)}`);
  }
  process.stdout.write(json ? jsonText(trends) : describeTrends(trends));
  return exitCodes.passed;
}
