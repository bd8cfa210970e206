import { type FailureFiles, failureKey, type ResultSource } from '../../../reports/html/source.js';
import type { Result } from '../../../spec/types/documents.js';
import { check, madeUp } from '../made-up.js';

/** A result as if it had been read, with the same beside each of its failures. */
export function sourceOf(result: Result, files: FailureFiles = {}, file = 'out/result.json'): ResultSource {
  const failures = new Map(result.checks.filter((c) => c.failure).map((c) => [failureKey(c), files]));
  return { file, result, failures, copies: [] };
}

/** Many adapters with many checks, each with what a check can hold. */
export function largeResult(adapters: number, checks: number): Result {
  const properties = ['oracle', 'gradient', 'visibility', 'deterministic', 'empty-row'];
  const dtypes = ['f32', 'f16', 'bf16', 'f64'];
  const masks = ['full', 'causal', 'sliding-window', 'document'];
  const names = Array.from({ length: adapters }, (_, a) => `adapter-${a}`);
  const histogram = [900, 50, 10, 5, 4, 3, 2, 1, 1, 0, 0];
  return {
    ...madeUp,
    adapters: names.map((id) => ({ ...madeUp.adapters[0], id, title: id })),
    checks: names.flatMap((adapter, a) =>
      Array.from({ length: checks }, (_, i) => {
        const form = `softmax${i >= 80 ? `+f${Math.floor(i / 80)}` : ''}`;
        const id = `${form}/${masks[i % 4]}/${properties[Math.floor(i / 4) % 5]}/${dtypes[Math.floor(i / 20) % 4]}`;
        if ((i + a) % 7 === 0) return check(adapter, id, { verdict: 'unsupported', cases: 0, reason: 'gradients are not claimed' });
        return check(adapter, id, {
          coverage: { 'b>1': (i * 7 + a) % 50, 'default-scale': i % 50, tail: (i * 3) % 50, 'values:normal': (i + a) % 50 },
          error: Object.fromEntries(
            ['o', 'lse'].map((o) => [
              o,
              { elements: 976 + i, undecided: 0, maxOverBound: ((i * 31 + a) % 997) / 1000, histogram, maxUlp: i + a },
            ]),
          ),
        });
      }),
    ),
  };
}
