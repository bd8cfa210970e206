import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Adapter } from '../../../../adapters/adapter.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { loadAdapter } from '../../../../adapters/load.js';
import type { LoadOptions } from '../../../../adapters/load-options.js';
import { problemOf } from '../../../../generators/problem.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { expectationOf } from '../../../../spec/oracle/oracle.js';
import type { Case } from '../../../../spec/types/documents.js';
import { judgeCase } from '../../../../suites/properties/lib/judge-case.js';
import { singleDevice } from '../../../../suites/properties/schemes/single-device.js';
import { title } from '../../../backend.js';
import { asksAll, inEvery } from '../../../some.js';
import { judgeInProcess } from '../../../suites/judge-in-process.js';
import { pythonWith } from './python.js';

const torch = await pythonWith('numpy', 'torch');
const file = fileURLToPath(new URL('kernels/gathering.py', import.meta.url));
const example = fileURLToPath(new URL('../../../../adapters/backends/python/examples/gdn_context_parallel.py', import.meta.url));
const forgetful = fileURLToPath(new URL('kernels/handed_on.py', import.meta.url));

const open: Kernel[] = [];
afterAll(() => Promise.all(open.map((kernel) => kernel[Symbol.asyncDispose]())));

async function judged(name: string, filter: readonly string[] = [], source = file) {
  const adapter: Adapter = await loadAdapter(`python:${source}:${name}`, { python: torch.python });
  const kernel = await adapter.open();
  open.push(kernel);
  return judgeInProcess(createLibrary(), adapter, resolveCapabilities(adapter.capabilities, name), kernel, 3, filter);
}

const small: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 1, m: 4, n: 4, d: 2, e: 2 },
  mask: { name: 'full' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 0 },
  parallel: { scheme: 'gathering', ranks: 2, transport: 'own' },
};

/** Opens a scheme, to be called case by case. */
async function opened(name: string, options: LoadOptions = {}) {
  const adapter = await loadAdapter(`python:${file}:${name}`, { python: torch.python, ...options });
  const kernel = await adapter.open();
  open.push(kernel);
  const claims = Claims.of(createLibrary(), resolveCapabilities(adapter.capabilities, name));
  return { claims, forward: (c: Case) => kernel.forward({ case: c, tensors: tensorsOf(claims, c) }) };
}

describe.skipIf(torch.missing)(title('a torch.distributed scheme', torch), () => {
  it.skipIf(asksAll)('that is right passes, its bytes and areas counted by the harness', { timeout: 180_000 }, async () => {
    const verdicts = await judged('right');
    expect(verdicts).toMatchObject({
      'refusal/any': 'pass',
      'single-device/full': 'pass',
      'single-device/causal': 'pass',
      'any-world/any': 'pass',
      'ledger/any': 'pass',
      'balance/any': 'pass',
      'interleaving/any': 'unsupported',
      'fault/any': 'unsupported',
      'round-trip/any': 'unsupported',
    });
  });

  it.each(inEvery(['wrong']))('that is %s is found, and so is what it sends too much', { timeout: 180_000 }, async (name) => {
    const verdicts = await judged(name, ['softmax/{full,causal}/single-device/f32@*', 'softmax/any/ledger/f32@*']);
    expect(verdicts).toMatchObject({ 'single-device/full': 'pass', 'single-device/causal': 'value', 'ledger/any': 'ledger' });
  });

  const inShards: [name: string, causal: string][] = [
    ['sharded', 'pass'],
    ['wrong_in_shards', 'value'],
  ];

  it.each(inEvery(inShards))(
    'that is called with its own tokens is judged by what each rank gives: %s',
    { timeout: 180_000 },
    async (name, causal) => {
      const verdicts = await judged(name, ['softmax/{full,causal}/single-device/f32@*', 'softmax/any/{ledger,refusal}/f32@*']);
      expect(verdicts).toEqual({
        'single-device/full': 'pass',
        'single-device/causal': causal,
        'ledger/any': 'pass',
        'refusal/any': 'pass',
      });
    },
  );

  it.skipIf(asksAll)('whose rank is wrong in its own tokens is told with that rank', { timeout: 180_000 }, async () => {
    const { forward, claims } = await opened('wrong_in_shards');
    const c: Case = { ...small, mask: { name: 'causal' } };
    const { judgement } = judgeCase(singleDevice, { claims, problemOf, expectationOf }, c, [await forward(c)]);
    expect(judgement).toMatchObject({ status: 'fail', message: expect.stringMatching(/^rank 1: o\[0, 0, [23], \d\] is /) });
  });

  it.skipIf(asksAll).each([
    ['both_alike', /its shards do not make up the outputs: m = 0 is in the shards of ranks 0 and 1/],
    ['no_ranges', /shards= returned 0 for axis m, must be a list of ascending ranges/],
  ])('whose cut is none is told what is wrong: %s', { timeout: 180_000 }, async (name, says) => {
    const { forward } = await opened(name);
    await expect(forward(small)).rejects.toThrow(says);
  });

  const handingOn: [what: string, name: string, file: string, verdict: string][] = [
    ['hands a state on, the example, passes', 'gdn', example, 'pass'],
    ['has ranks that forget the state is found', 'forgetful', forgetful, 'value'],
  ];

  it.each(inEvery(handingOn))('that %s', { timeout: 300_000 }, async (_, name, source, verdict) => {
    const filter = ['gated-delta/*/single-device/f32@gdn-*', 'gated-delta/*/ledger/f32@gdn-*'];
    expect(await judged(name, filter, source)).toEqual({ 'single-device/full': verdict, 'ledger/any': 'pass' });
  });

  it.skipIf(!asksAll)('in which rank 1 gives zeros, NaN or half of the rows fails, and only there', { timeout: 180_000 }, async () => {
    const { forward, claims } = await opened('one_rank_apart');
    const classes: Record<string, string> = {};
    // as kernels/gathering.py reads the scale
    for (const [gives, scale] of Object.entries({ 'what is right': 1, zeros: 0.25, NaN: 0.5, half: 2 })) {
      const c: Case = { ...small, options: { scale } };
      const { judgement } = judgeCase(singleDevice, { claims, problemOf, expectationOf }, c, [await forward(c)]);
      classes[gives] = judgement.status === 'fail' ? judgement.class : judgement.status;
    }
    expect(classes).toEqual({ 'what is right': 'pass', zeros: 'value', NaN: 'nan', half: 'shape' });
  });

  const endings: [name: string, ranks: number, how: string, message: RegExp][] = [
    ['killed', 2, 'rank-died', /^lost a rank: rank 1 of 2 died by signal SIGKILL$/],
    ['quitting', 2, 'rank-died', /^lost a rank: rank 1 of 2 exited with code 7$/],
    [
      'failing_and_hanging',
      3,
      'timeout',
      /^no answer of 3 ranks in time: rank 1 has failed: ValueError: rank 1 has no more memory of its own; rank 2 is in sleep_for_ever \(gathering\.py:\d+\); rank 0 waits for the others in .*gathering\.py:\d+\), all_gather$/,
    ],
  ];

  it.each(inEvery(endings))('in which ranks are %s names them', { timeout: 180_000 }, async (name, ranks, how, message) => {
    const { forward } = await opened(name, { timeout: 3000 });
    const c: Case = { ...small, dims: { ...small.dims, m: 6, n: 6 }, parallel: { scheme: 'gathering', ranks, transport: 'own' } };
    await forward(c);
    await expect(forward(c)).rejects.toMatchObject({ name: 'Crashed', how, message: expect.stringMatching(message) });
  });
});
