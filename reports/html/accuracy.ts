import type { JsonNumber } from '../../spec/types/documents.js';
import { segmentsOf } from '../result/result.js';
import type { Implementation } from './implementations.js';
import type { AccuracyData } from './site-data.js';

/** Sums errors within and above their bounds by implementation, dtype and output. */
export function accuracyOf(implementations: readonly Implementation[]): AccuracyData[] {
  return implementations.flatMap(({ checks }, implementation) => {
    const sums = new Map<string, AccuracyData>();
    for (const check of checks.values()) {
      const dtype = segmentsOf(check.id).dtype.split('@')[0];
      for (const [output, error] of Object.entries(check.error ?? {})) {
        const key = `${dtype} ${output}`;
        const sum = sums.get(key) ?? {
          implementation,
          dtype,
          output,
          elements: 0,
          histogram: error.histogram.map(() => 0),
          maxOverBound: 0,
          maxUlp: 0,
        };
        sums.set(key, {
          ...sum,
          elements: sum.elements + error.elements,
          histogram: sum.histogram.map((count, i) => count + error.histogram[i]),
          maxOverBound: larger(sum.maxOverBound, error.maxOverBound),
          maxUlp: larger(sum.maxUlp, error.maxUlp),
        });
      }
    }
    return [...sums.values()].sort((a, b) => (`${a.dtype} ${a.output}` < `${b.dtype} ${b.output}` ? -1 : 1));
  });
}

function larger(a: JsonNumber, b: JsonNumber): JsonNumber {
  if (Number.isNaN(Number(a)) || Number.isNaN(Number(b))) return 'NaN';
  return Number(b) > Number(a) ? b : a;
}
