import type { Colors } from 'picocolors/types.js';
import type { CheckResult } from '../../spec/types/documents.js';
import { causesOf, countOf } from '../result/causes.js';
import { isExpectedFailure, isFailure } from '../result/result.js';
import { plainLine } from '../text/plain-text.js';
import { shortCause } from './rows.js';

/** An adapter that was judged, in one line: "onnxruntime-mha: 40 of 43 passed, 3 failed as expected; 2 × value in strided". */
export function adapterLine(adapter: string, checks: readonly CheckResult[], colors: Colors): string {
  const count = (test: (c: CheckResult) => boolean) => checks.filter(test).length;
  const [passed, failed, expected] = [count((c) => c.verdict === 'pass'), count(isFailure), count(isExpectedFailure)];
  const open = count((c) => c.verdict === 'error' || c.verdict === 'not-run');
  const [first] = causesOf(checks);
  const score = `${passed} of ${passed + failed} passed`;
  const parts = [
    failed > expected ? colors.red(score) : failed + open === 0 && passed > 0 ? colors.green(score) : score,
    ...(expected > 0 ? [`${expected} failed as expected`] : []),
    ...(failed > expected ? [`${failed - expected} failed`] : []),
    ...(open > 0 ? [`${open} inconclusive`] : []),
  ];
  return `${plainLine(adapter)}: ${parts.join(', ')}${first && countOf(first) > 0 ? `; ${plainLine(shortCause(first))}` : ''}`;
}
