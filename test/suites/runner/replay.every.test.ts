import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reference } from '../../../adapters/controls/reference/index.js';
import { parseDocument } from '../../../spec/lib/documents.js';
import type { Case, Failure } from '../../../spec/types/documents.js';
import { replayCase } from '../../../suites/runner/search/replay.js';
import { asksAll } from '../../some.js';
import { kernelPath, runKernels, scratch } from './run-kernels.js';

const options = { document: 'failure.json', documents: [], timeout: 10, startTimeout: 60 };

async function failureOf(kernel: string): Promise<Failure> {
  const out = scratch();
  const { checks } = await runKernels([kernel], { out, jobs: 1 });
  return parseDocument('failure', readFileSync(join(out, checks[0].failure?.folder as string, 'failure.json'), 'utf8'), 'failure.json');
}

test.skipIf(asksAll)('a failure replays to the same verdict, and passes on a kernel without the fault', async () => {
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

test.skipIf(asksAll)('what was found out about a failure is told where the case fails as it did', async () => {
  const worst = { case: { dims: { n: 40 } }, output: 'o', message: 'o[0, 0, 3, 1] is off by 37 bounds' } as unknown as Failure['worst'];
  const told = { worst, passesWith: [{ n: 16 }] };
  const explanations = [{ text: 'tiles of {} keys', sizes: [16] }];
  const weights = 'query 0: all keys have 0.9 times their weight; together 0.9, not 1';
  const failure: Failure = { ...(await failureOf('nan')), ...told, explanations, weights };
  expect(await replayCase(kernelPath('nan'), failure, options)).toMatchObject({ ...told, failure: { explanations, weights } });
  expect((await replayCase(kernelPath('correct'), failure, options)).worst).toBeUndefined();
  const other = await replayCase(kernelPath('segfaults'), failure, options);
  expect([other.worst, other.passesWith, other.failure?.explanations]).toEqual([undefined, undefined, undefined]);
});

test.skipIf(asksAll)('a document that names what does not exist is refused', async () => {
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

test.skipIf(!asksAll)(
  'a document that asks for more threads or processes than there are cores starts none, unless the user says how many',
  async () => {
    const failure = await failureOf('nan');
    const onRanks = (parallel: Case['parallel'], check = 'softmax/full/single-device/f32@ring'): Failure => ({
      ...failure,
      check,
      case: { ...failure.case, mask: { name: 'full' }, dims: { ...failure.case.dims, m: 2, n: 2 }, parallel },
      adapter: { ...failure.adapter, id: 'reference', builtIn: true, capabilities: reference.capabilities },
    });
    for (const transport of ['workers', 'mpi'] as const)
      await expect(replayCase('reference', onRanks({ scheme: 'ring', ranks: 4096, transport }), options)).rejects.toMatchObject({
        name: 'UsageError',
        message: expect.stringMatching(
          /failure\.json: its case needs 4096 ranks, each in its own (thread|process) .* add --ranks 4096 to start them/,
        ),
      });
    const few = onRanks({ scheme: 'ring', ranks: 3, transport: 'workers' });
    await expect(replayCase('reference', few, { ...options, ranks: 2 })).rejects.toThrow('and --ranks allows 2: add --ranks 3');
    expect(await replayCase('reference', few, { ...options, ranks: 3 })).toMatchObject({ verdict: 'pass' });
    // simulated ranks are neither
    const simulated = onRanks({ scheme: 'ring', ranks: 100, transport: 'simulated' });
    expect(await replayCase('reference', simulated, { ...options, ranks: 1 })).toMatchObject({ verdict: 'pass' });
    // any-world asks on up to eight ranks, whatever the case says
    const any = onRanks({ scheme: 'ring', ranks: 1, transport: 'workers' }, 'softmax/any/any-world/f32@ring');
    await expect(replayCase('reference', any, { ...options, ranks: 4 })).rejects.toThrow('add --ranks 8');
  },
);
