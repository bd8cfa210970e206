import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Numeric } from '../../../spec/types/documents.js';
import { kernelPath, runKernels, scratch } from './run-kernels.js';

/** A right kernel with a numeric profile, as a module. */
function withNumeric(numeric: Numeric): string {
  const path = join(scratch(), 'kernel.js');
  const own = pathToFileURL(kernelPath('kernel')).href;
  const capabilities = JSON.stringify({ dtypes: ['bf16'], numeric });
  writeFileSync(path, `import { kernel } from '${own}';\nexport default kernel('mine', (_, right) => right(), ${capabilities});\n`);
  return path;
}

const judge = async (numeric: Numeric) =>
  (await runKernels([], { adapters: [withNumeric(numeric)], filter: ['softmax/{full,causal}/oracle/bf16'], runs: 20 })).checks;

describe('a check whose bounds tell little', () => {
  it.each<Numeric>([
    { accumulate: 'bf16', exp: 0.1, scores: 'storage', probabilities: 'storage', partials: 'storage' },
    { accumulate: 'f32', exp: 0.1, probabilities: 'f8e5m2' },
  ])('is vacuous: %j', async (numeric) => {
    for (const { verdict, class: found, reason } of await judge(numeric)) {
      expect([verdict, found]).toEqual(['error', 'vacuous']);
      expect(reason).toMatch(/^only \d+/);
    }
  });

  it.each<Numeric>([
    { accumulate: 'f32' },
    { accumulate: 'f32', exp: 1e-4, scores: 'storage', probabilities: 'storage', partials: 'storage' },
    { accumulate: 'f32', probabilities: 'f8e4m3' },
  ])('is not vacuous where a profile is that of a shipped kernel: %j', async (numeric) => {
    for (const { verdict } of await judge(numeric)) expect(verdict).toBe('pass');
  });
});
