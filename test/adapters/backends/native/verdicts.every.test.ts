import { describe, expect, test } from 'vitest';
import { guardedPages } from '../../../../adapters/system/guarded-pages.js';
import { title } from '../../../backend.js';
import { asksAll, firstOf, inEvery } from '../../../some.js';
import { runKernels } from '../../../suites/runner/run-kernels.js';
import { compiler, manifestOf, writeManifest } from './kernels.js';

const expected = firstOf(
  [
    ['correct', 'pass', undefined, undefined],
    ['segfaults', 'crash', 'SIGSEGV', undefined],
    ['overruns', 'fail', 'overrun', /after the end of its output o, from byte \+0 on/],
    ['returns-a-code', 'fail', 'refused', /kernel returned 7: the tile is too large/],
    ['leaves-rows', 'fail', expect.stringMatching(/^(nan|value)$/), undefined],
    ['aborts', 'crash', 'SIGABRT', undefined],
    ['exits', 'crash', 'exit', undefined],
    ['underruns', 'fail', 'overrun', /before the start of its output lse, from byte −4 on/],
    ['writes-inputs', 'fail', 'mutated-input', /wrote into its input q/],
  ] as const,
  2,
);

/** True if outputs lie between pages that may not be touched. */
const pages = await guardedPages().catch(() => undefined);

describe.skipIf(compiler.missing)(title('a library that misbehaves gets its verdict, and the run goes on', compiler), () => {
  test('in one run', async () => {
    const adapters = expected.map(([name]) => `native:${writeManifest(manifestOf(name, { codes: { '7': 'the tile is too large' } }))}`);
    const result = await runKernels([], { adapters });
    expect(result.complete).toBe(true);
    expect(result.checks.map((c) => [c.adapter, c.verdict, c.class])).toEqual(
      expected.map(([name, verdict, failureClass]) => [name, verdict, failureClass]),
    );
    const failureOf = (id: string) => result.checks.find((c) => c.adapter === id)?.failure;
    for (const [id, verdict, , says] of expected) {
      if (verdict === 'pass') continue;
      if (says) expect(failureOf(id)?.message).toMatch(says);
      expect(failureOf(id)?.reproduced, id).toBe(5);
      // those that fail from 20 keys on are shrunk to 20
      expect(failureOf(id)?.case.dims.n, id).toBe(id === 'writes-inputs' ? 1 : 20);
    }
  });

  test.skipIf(asksAll || !pages).each(['writes-far-before', 'writes-far-after'])('%s its output dies of the write', async (name) => {
    const [check] = (await runKernels([], { adapters: [`native:${writeManifest(manifestOf(name))}`] })).checks;
    expect(check).toMatchObject({ verdict: 'crash', class: expect.stringMatching(/^SIG(SEGV|BUS)$/) });
  });

  // of a check of twelve cases about half have numbers in their outputs, whatever the seed
  const unwritten: [name: string, seed: number][] = [
    ['only-where-nan', 0],
    ['whole-where-nan', 1],
  ];

  test.each(inEvery(unwritten))('%s fails on seed %d', async (name, seed) => {
    const [check] = (await runKernels([], { adapters: [`native:${writeManifest(manifestOf(name))}`], seed })).checks;
    expect(check).toMatchObject({
      verdict: 'fail',
      class: 'value',
      failure: { reproduced: 5, hint: expect.stringMatching(/memory before the call: they are not written/) },
    });
    expect(check.failure?.case.dims).toMatchObject({ m: 1, n: 1 });
  });

  test.skipIf(!asksAll)('one that never returns is killed', async () => {
    const adapters = ['hangs', 'correct'].map((name) => `native:${writeManifest(manifestOf(name))}`);
    const result = await runKernels([], { adapters, timeout: 1 });
    expect(result.checks.map((c) => [c.adapter, c.verdict])).toEqual([
      ['hangs', 'timeout'],
      ['correct', 'pass'],
    ]);
  });
});
