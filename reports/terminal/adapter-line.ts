import type { Colors } from 'picocolors/types.js';
import type { CheckResult } from '../../spec/types/documents.js';
import { causesOf } from '../result/causes.js';
import { scoreOf } from '../result/result.js';
import { plainLine } from '../text/plain-text.js';
import { paintedScore, shortCause } from './rows.js';

/** "onnxruntime-mha: 40 of 43 passed, 3 failed as expected; 2 × value in strided". */
export function adapterLine(adapter: string, checks: readonly CheckResult[], colors: Colors): string {
  const score = scoreOf(checks);
  const { passed, failed, expected, open } = score;
  const [first] = causesOf(checks);
  const parts = [
    paintedScore(`${passed} of ${passed + failed} passed`, score, colors),
    ...(expected > 0 ? [`${expected} failed as expected`] : []),
    ...(failed > expected ? [`${failed - expected} failed`] : []),
    ...(open > 0 ? [`${open} inconclusive`] : []),
  ];
  return `${plainLine(adapter)}: ${parts.join(', ')}${first ? `; ${plainLine(shortCause(first))}` : ''}`;
}
