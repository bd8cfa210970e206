import { describe, expect, test } from 'vitest';
import { title } from '../../../backend.js';
import { runKernels } from '../../../suites/runner/run-kernels.js';
import { compiler, manifestOf, writeManifest } from './kernels.js';

const expected = [
  ['correct', 'pass', undefined],
  ['segfaults', 'crash', 'SIGSEGV'],
  ['aborts', 'crash', 'SIGABRT'],
  ['exits', 'crash', 'exit-3'],
  ['overruns', 'fail', 'overrun'],
  ['underruns', 'fail', 'overrun'],
  ['writes-inputs', 'fail', 'mutated-input'],
  ['leaves-rows', 'fail', expect.stringMatching(/^(nan|value)$/)],
  ['returns-a-code', 'fail', 'refused'],
] as const;

describe.skipIf(compiler.missing)(title('a library that misbehaves gets its verdict, and the run goes on', compiler), () => {
  test('in one run', async () => {
    const adapters = expected.map(([name]) => `native:${writeManifest(manifestOf(name, { codes: { '7': 'the tile is too large' } }))}`);
    const result = await runKernels([], { adapters });
    expect(result.complete).toBe(true);
    expect(result.checks.map((c) => [c.adapter, c.verdict, c.class])).toEqual(expected.map((row) => [...row]));
    const failureOf = (id: string) => result.checks.find((c) => c.adapter === id)?.failure;
    for (const [id, verdict] of expected) {
      if (verdict === 'pass') continue;
      expect(failureOf(id)?.reproduced, id).toBe(5);
      // those that fail from 20 keys on are shrunk to 20
      expect(failureOf(id)?.case.dims.n, id).toBe(id === 'writes-inputs' ? 1 : 20);
    }
    expect(failureOf('overruns')?.message).toMatch(/after the end of its output o, from byte \+0 on/);
    expect(failureOf('underruns')?.message).toMatch(/before the start of its output lse, from byte −4 on/);
    expect(failureOf('writes-inputs')?.message).toMatch(/wrote into its input q/);
    expect(failureOf('returns-a-code')?.message).toMatch(/kernel returned 7: the tile is too large/);
  });

  // of a check of twelve cases about half have numbers in their outputs, whatever the seed
  test.each(['only-where-nan', 'whole-where-nan'])('%s fails, on two seeds', async (name) => {
    const adapters = [`native:${writeManifest(manifestOf(name))}`];
    for (let seed = 0; seed < 2; seed++) {
      const [check] = (await runKernels([], { adapters, seed })).checks;
      expect(check, `seed ${seed}`).toMatchObject({
        verdict: 'fail',
        class: 'value',
        failure: { reproduced: 5, hint: expect.stringMatching(/memory before the call: they are not written/) },
      });
      expect(check.failure?.case.dims, `seed ${seed}`).toMatchObject({ m: 1, n: 1 });
    }
  });

  test('one that never returns is killed', async () => {
    const adapters = ['hangs', 'correct'].map((name) => `native:${writeManifest(manifestOf(name))}`);
    const result = await runKernels([], { adapters, timeout: 1 });
    expect(result.checks.map((c) => [c.adapter, c.verdict])).toEqual([
      ['hangs', 'timeout'],
      ['correct', 'pass'],
    ]);
  });
});
