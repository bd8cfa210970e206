import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseResult } from '../../../reports/files/read-result.js';
import { asksAll } from '../../some.js';
import { attnCts } from '../cli/attn-cts.js';
import { runKernels, scratch, timeless } from './run-kernels.js';

const kernels = ['correct', 'nan'];
const options = { filter: ['softmax/{full,causal}/oracle/f32', 'softmax/any/deterministic/f32'], runs: 8, jobs: 1 };

/** The run that nothing disturbed, and its journal. */
let undisturbed: unknown;
let journal: string;
beforeAll(async () => {
  const out = mkdtempSync(join(tmpdir(), 'attention-cts-resume-'));
  undisturbed = timeless(await runKernels(kernels, { ...options, out }));
  journal = readFileSync(join(out, 'journal.jsonl'), 'utf8');
  rmSync(out, { recursive: true });
});

describe('a run that was killed and is resumed', () => {
  test.skipIf(asksAll)('equals one that was not disturbed, wherever it was killed', async () => {
    const out = scratch();
    for (const share of [0, 0.6]) {
      // killed while it wrote a line
      writeFileSync(join(out, 'journal.jsonl'), journal.slice(0, Math.ceil(journal.length * share)));
      expect(timeless(await runKernels(kernels, { ...options, out, resume: true }))).toEqual(undisturbed);
    }
  });

  test.skipIf(!asksAll)('is refused under another plan', async () => {
    const out = scratch();
    await runKernels(['correct'], { out });
    await expect(runKernels(['correct'], { out, resume: true, runs: 13 })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('another plan'),
    });
    await expect(runKernels(['correct'], { out, resume: true, seed: 1 })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('another seed'),
    });
    await expect(runKernels(['correct'], { out, resume: true, dialect: { causal: 'top-left' } })).rejects.toMatchObject({
      name: 'UsageError',
    });
  });

  test.skipIf(asksAll)('is refused where the file of the kernel has changed since', async () => {
    const folder = scratch();
    const kernel = join(folder, 'kernel.js');
    writeFileSync(
      kernel,
      `export { default } from ${JSON.stringify(fileURLToPath(new URL('../../kernels/correct.js', import.meta.url)))};\n`,
    );
    const again = (...more: string[]) =>
      attnCts('run', kernel, '--filter', options.filter[0], '--runs', '2', '--out', join(folder, 'out'), ...more);
    expect((await again()).code).toBe(0);
    expect((await again('--resume')).code).toBe(0);
    appendFileSync(kernel, '// mended\n');
    const { code, stderr } = await again('--resume');
    expect(code).toBe(2);
    expect(stderr).toContain('another file of the kernel');
  });

  test.skipIf(asksAll)('is refused where the journal is something else', async () => {
    const out = scratch();
    writeFileSync(join(out, 'journal.jsonl'), 'notes\n');
    await expect(runKernels(['correct'], { out, resume: true })).rejects.toMatchObject({ name: 'UsageError' });
  });

  test.skipIf(asksAll)('names the place of a line that is whole but no result', async () => {
    const out = scratch();
    await runKernels(['correct'], { out });
    const path = join(out, 'journal.jsonl');
    const { createHash } = await import('node:crypto');
    const counts = { cases: 1, undecided: 0, coverage: {}, milliseconds: 1 };
    const check = { id: 'softmax/causal/oracle/f32', adapter: 'correct', verdict: 'splendid', ...counts };
    const checksum = createHash('sha256').update(JSON.stringify(check)).digest('hex').slice(0, 16);
    appendFileSync(path, `${JSON.stringify({ check, checksum })}\n`);
    await expect(runKernels(['correct'], { out, resume: true })).rejects.toMatchObject({
      name: 'DocumentError',
      path: '$.checks[1].verdict',
    });
  });

  test.skipIf(asksAll)('an interrupted run rejects, and leaves a journal to go on from', async () => {
    const out = scratch();
    const interruption = new AbortController();
    const told: string[] = [];
    const run = runKernels(
      kernels,
      { ...options, out, signal: interruption.signal },
      {
        onCheck: () => interruption.abort(new Error('interrupted')),
        onInterrupt: ({ checks }) => void told.push(...checks.map(({ verdict }) => verdict)),
      },
    );
    await expect(run).rejects.toThrow('interrupted');
    // what was found is a whole result, in which the rest was not run
    const written = parseResult(readFileSync(join(out, 'result.json'), 'utf8'), 'result.json');
    expect(written.checks.map(({ verdict }) => verdict)).toEqual(told);
    expect(new Set(told)).toEqual(new Set(['pass', 'not-run']));
    const resumed = await runKernels(kernels, { ...options, out, resume: true });
    expect(timeless(resumed)).toEqual(undisturbed);
  });
});

test.skipIf(!asksAll)('the same seed gives the same document, whatever the number of jobs', async () => {
  expect(timeless(await runKernels(kernels, { ...options, jobs: 3 }))).toEqual(undisturbed);
});
