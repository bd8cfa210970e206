import type { Colors } from 'picocolors/types.js';
import type { CheckResult, Result } from '../../spec/types/documents.js';
import { availableAdapters, groupBy, isExpectedFailure, isFailure, isUnexpectedPass, propertiesOf, segmentsOf } from '../result/result.js';
import { formatTable } from '../text/table.js';

/** Table of adapters × properties, with passed of all supported checks. */
export function matrix(result: Result, colors: Colors): string {
  const properties = propertiesOf(result);
  if (properties.length === 0) return '';
  const rows: string[][] = [];
  for (const adapter of availableAdapters(result)) {
    const checks = groupBy(
      result.checks.filter((c) => c.adapter === adapter.id),
      (c) => segmentsOf(c.id).property,
    );
    if (checks.size > 0) rows.push([adapter.id, ...properties.map((p) => cell(checks.get(p) ?? [], colors))]);
  }
  const table = formatTable(['', ...properties], rows, ['left', ...properties.map(() => 'right' as const)]);
  return `${table}\npassed/run checks. –: not claimed by the adapter; *: all failures are expected; ?: some checks are inconclusive\n`;
}

function cell(checks: readonly CheckResult[], colors: Colors): string {
  const asked = checks.filter((c) => c.verdict !== 'unsupported');
  if (asked.length === 0) return '–';
  const count = (test: (c: CheckResult) => boolean) => asked.filter(test).length;
  const passed = count((c) => c.verdict === 'pass');
  const failures = count(isFailure);
  const expected = count(isExpectedFailure);
  const unjudged = asked.length - passed - failures;
  const text = `${passed}/${asked.length}${failures > 0 && failures === expected ? '*' : ''}${unjudged > 0 ? '?' : ''}`;
  if (failures > expected || asked.some(isUnexpectedPass)) return colors.red(text);
  return passed === asked.length ? colors.green(text) : text;
}
