import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from '../../../spec/documents.js';
import type { Failure } from '../../../spec/types/documents.js';
import { replayCase } from '../../../suites/runner/replay.js';
import { kernelPath, runKernels, scratch } from './run-kernels.js';

const options = { document: 'failure.json', documents: [], timeout: 10, startTimeout: 60 };

async function failureOf(kernel: string): Promise<Failure> {
  const out = scratch();
  const { checks } = await runKernels([kernel], { out, jobs: 1 });
  return parseDocument('failure', readFileSync(join(out, checks[0].failure?.folder as string, 'failure.json'), 'utf8'), 'failure.json');
}

test('a failure replays to the same verdict, and passes on a kernel without the fault', async () => {
  const failure = await failureOf('nan');
  const again = await replayCase(kernelPath('nan'), failure, options);
  expect(again).toMatchObject({
    verdict: 'fail',
    class: 'nan',
    same: true,
    adapter: { id: 'nan' },
    failure: { output: failure.output, index: failure.index },
  });
  expect(await replayCase(kernelPath('correct'), failure, options)).toMatchObject({ verdict: 'pass', same: false });
  expect(await replayCase(kernelPath('segfaults'), failure, options)).toMatchObject({ verdict: 'crash', class: 'SIGSEGV', same: false });
  expect(await replayCase(kernelPath('unavailable'), failure, options)).toMatchObject({ verdict: 'unavailable', same: false });
});

test('a document that names what does not exist is refused', async () => {
  const failure = await failureOf('throws');
  const path = kernelPath('throws');
  const withCase = (c: object) => ({ ...failure, case: { ...failure.case, ...c } });
  await expect(replayCase(path, { ...failure, check: 'softmax/causal/oracel/f32' }, options)).rejects.toMatchObject({
    name: 'DocumentError',
    path: '$.check',
    message: expect.stringContaining('oracle'),
  });
  await expect(replayCase(path, { ...failure, check: 'oracle' }, options)).rejects.toMatchObject({ name: 'DocumentError' });
  await expect(replayCase(path, withCase({ mask: { name: 'casual' } }), options)).rejects.toMatchObject({
    name: 'DocumentError',
    document: 'failure.json',
  });
  await expect(
    replayCase(path, withCase({ dims: { b: 4096, hk: 4096, g: 4096, m: 4096, n: 4096, d: 4, e: 4 } }), options),
  ).rejects.toMatchObject({ name: 'DocumentError' });
});
