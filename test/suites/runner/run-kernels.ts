import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Result } from '../../../spec/types/documents.js';
import { type RunEvents, type RunOptions, run } from '../../../suites/runner/run/run.js';

/** The path of one of test/kernels. */
export function kernelPath(name: string): string {
  return fileURLToPath(new URL(`../../kernels/${name}.js`, import.meta.url));
}

/** An empty folder, gone after the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'attention-cts-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs test kernels; by default one check that draws a single mask. */
export function runKernels(names: readonly string[], options: Partial<RunOptions> = {}, events: RunEvents = {}): Promise<Result> {
  return run(
    {
      adapters: names.map(kernelPath),
      profiles: ['core'],
      filter: ['softmax/causal/oracle/f32'],
      seed: 0,
      runs: 12,
      speed: 'slow',
      timeout: 10,
      startTimeout: 60,
      jobs: 2,
      out: options.out ?? scratch(),
      resume: false,
      documents: [],
      dialect: {},
      ...options,
    },
    events,
  );
}

/** A result without what differs from one run to the next: times. */
export function timeless(result: Result): unknown {
  return { ...result, started: '', checks: result.checks.map((c) => ({ ...c, milliseconds: 0 })) };
}
