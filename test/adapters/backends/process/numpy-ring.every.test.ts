import { describe, expect, test } from 'vitest';
import { loadAdapter } from '../../../../adapters/load.js';
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
import { numpy } from '../../../kernels/numpy-flash.js';
import { numpyRing, ringDocument } from '../../../kernels/numpy-ring.js';
import { asksAll, firstOf } from '../../../some.js';
import { type CheckVerdict, judgeChecks } from '../../../suites/judge-in-process.js';
import { runKernels } from '../../../suites/runner/run-kernels.js';

/** Every check that the ring can be asked, or those of a filter. */
async function judged(flags: string[], runs: number, filter = ['**/*@numpy-ring']): Promise<CheckVerdict[]> {
  const adapter = await loadAdapter(numpyRing(...flags), {});
  const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
  const kernel = await adapter.open();
  try {
    const found: CheckVerdict[] = [];
    for await (const check of judgeChecks(createLibrary(), adapter, capabilities, kernel, { runs, filter }))
      if (check.verdict !== 'unsupported') found.push(check);
    return found;
  } finally {
    await kernel[Symbol.asyncDispose]();
  }
}

/** Cases in which a block that comes later has nearly all the weight of a row, again and again. */
const sharp = Array.from(
  { length: 8 },
  (_, seed): Case => ({
    operator: 'softmax',
    dims: { b: 1, hk: 1, g: 1, m: 32, n: 32, d: 8, e: 8 },
    mask: { name: 'full' },
    options: { scale: 1 },
    dtype: 'f32',
    layout: 'bhld',
    values: { distribution: 'integers', seed },
    parallel: { scheme: 'numpy-ring', ranks: 4, transport: 'own' },
  }),
);

/** `pass`, or the class of the failure, of each of these cases. */
async function judgedSharply(flags: string[]): Promise<string[]> {
  const adapter = await loadAdapter(numpyRing(...flags), {});
  const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
  const library = createLibrary();
  const kernel = await adapter.open();
  try {
    const verdicts: string[] = [];
    for (const c of sharp) {
      const outputs = await kernel.forward({ case: c, tensors: tensorsOf(Claims.of(library, capabilities), c) });
      const { judgement } = judgeCase(singleDevice, { claims: Claims.of(library, capabilities), problemOf, expectationOf }, c, [outputs]);
      verdicts.push(judgement.status === 'fail' ? judgement.class : judgement.status);
    }
    return verdicts;
  } finally {
    await kernel[Symbol.asyncDispose]();
  }
}

const verdictsOf = (checks: readonly CheckVerdict[]) =>
  Object.fromEntries(checks.map(({ property, mask, verdict }) => [`${property}/${mask}`, verdict]));

describe.skipIf(numpy.missing)(title('a ring in NumPy that merges o and LSE in float32', numpy), () => {
  const passes = { 'single-device/full': 'pass', 'single-device/causal': 'pass', 'any-world/any': 'pass' };

  test.skipIf(!asksAll)('is right by weights, with two parts for each rank where it has no document', { timeout: 180_000 }, async () => {
    const checks = await judged([], 6);
    expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(verdictsOf(checks)).toMatchObject(passes);
  });

  test.skipIf(asksAll)(
    'is right by weights, with as many parts as ranks by its document, and so are its bytes and balance',
    {
      timeout: 180_000,
    },
    async () => {
      const checks = await judged(['--spec', ringDocument], 6);
      expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
      expect(verdictsOf(checks)).toMatchObject({ ...passes, 'ledger/any': 'pass', 'balance/any': 'pass' });
    },
  );

  test.skipIf(!asksAll)('fails by a difference that cancels, unless it is declared', { timeout: 180_000 }, async () => {
    expect(await judgedSharply(['--merge', 'difference'])).toContain('value');
    expect(await judgedSharply(['--merge', 'difference', '--declare'])).toEqual(sharp.map(() => 'pass'));
    expect(await judgedSharply([])).toEqual(sharp.map(() => 'pass'));
  });
});

describe.skipIf(numpy.missing)(title('a rank other than 0', numpy), () => {
  const byName = ['softmax/full/single-device/f32@numpy-ring'];

  test.each(
    firstOf(
      [
        ['zeros', 'value', /rank 1 gave other outputs than rank 0, which is right: o\[/],
        ['nan', 'nan', /rank 1 gave other outputs than rank 0.* is NaN/],
        ['shape', 'shape', /rank 1 gave other outputs than rank 0.*o is \[.*must be/],
        ['dtype', 'dtype', /rank 1 gave other outputs than rank 0.*o is i32/],
      ] as const,
      1,
    ),
  )('that gives %s fails', { timeout: 180_000 }, async (fault, verdict, says) => {
    const [check] = await judged(['--fault', fault, '--worlds', '2'], 4, byName);
    expect(check.verdict).toBe(verdict);
    expect(check.message).toMatch(says);
  });

  test.skipIf(asksAll)('that differs in a last bit is judged for itself, and right', { timeout: 180_000 }, async () => {
    const [check] = await judged(['--fault', 'last-bit', '--worlds', '2'], 4, byName);
    expect(check.verdict).toBe('pass');
  });

  test.skipIf(asksAll).each([
    ['no-file', /its output file of rank 1 does not exist/],
    ['elsewhere', /named .* as the outputs of rank 1, which must be a separate file in the folder of/],
  ])('that has %s breaks the protocol', { timeout: 180_000 }, async (fault, says) => {
    await expect(judged(['--fault', fault, '--worlds', '2'], 4, byName)).rejects.toThrow(says);
  });

  test.skipIf(!asksAll)('that is not named passes as before, and is counted', { timeout: 180_000 }, async () => {
    const [silent] = await judged(['--silent', '--fault', 'zeros', '--worlds', '2'], 4, byName);
    expect(silent).toMatchObject({ verdict: 'pass', coverage: { 'rank-0-alone': expect.any(Number) } });
    const [named] = await judged(['--worlds', '2'], 4, byName);
    expect(named.coverage).not.toHaveProperty('rank-0-alone');
  });

  const endings: [fault: string, how: string, message: string][] = [
    ['hangs', 'timeout', 'no answer of rank 1 of 2 in time'],
    ['dies', 'rank-died', 'lost a rank: rank 1 of 2 ended with -9'],
    ['quits', 'rank-died', 'lost a rank: rank 1 of 2 ended with 7'],
  ];

  test.each(firstOf(endings, 1))('that %s is named', { timeout: 60_000 }, async (fault, how, message) => {
    const adapter = await loadAdapter(numpyRing('--fault', fault), { timeout: 2000 });
    const kernel = await adapter.open();
    try {
      const [c] = sharp;
      const call = { case: { ...c, parallel: { scheme: 'numpy-ring', ranks: 2, transport: 'own' as const } }, tensors: {} };
      const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
      call.tensors = tensorsOf(Claims.of(createLibrary(), capabilities), call.case);
      for (let before = 1; before < 3; before++) await kernel.forward(call);
      await expect(kernel.forward(call)).rejects.toMatchObject({ name: 'Crashed', how, message: expect.stringContaining(message) });
    } finally {
      await kernel[Symbol.asyncDispose]();
    }
  });

  test.skipIf(!asksAll)('that hangs is named in the verdict, which is a timeout', { timeout: 180_000 }, async () => {
    const { checks } = await runKernels([], {
      adapters: [numpyRing('--fault', 'hangs', '--worlds', '2')],
      profiles: ['parallel'],
      filter: ['softmax/full/single-device/f32@numpy-ring'],
      timeout: 2,
      jobs: 1,
    });
    expect(checks).toMatchObject([
      { verdict: 'timeout', failure: { message: expect.stringContaining('no answer of rank 1 of 2 in time') } },
    ]);
  });
});
