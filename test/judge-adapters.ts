import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvents, RunOptions } from '../dist/suites/index.js';
import { run } from '../dist/suites/runner/run/run.js';
import type { Result } from '../spec/types/documents.js';

/** A run in a folder of its own, removed unless `keep` says otherwise of the result: for the long proofs and the measurements. */
export async function judgeAdapters(
  options: Pick<RunOptions, 'adapters' | 'profiles' | 'seed' | 'runs'> & Partial<RunOptions>,
  events: RunEvents = {},
  keep: (result: Result) => boolean = () => false,
): Promise<Result> {
  const out = mkdtempSync(join(tmpdir(), 'attn-judge-'));
  let kept = false;
  try {
    const result = await run(
      { filter: [], timeout: 60, startTimeout: 120, out, resume: false, documents: [], dialect: {}, ...options },
      events,
    );
    kept = keep(result);
    return result;
  } finally {
    if (!kept) rmSync(out, { recursive: true, force: true });
  }
}
