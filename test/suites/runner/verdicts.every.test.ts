import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../spec/lib/documents.js';
import { decodeSafetensors } from '../../../spec/tensor/safetensors.js';
import { asksAll, firstOf } from '../../some.js';
import { runKernels, scratch } from './run-kernels.js';

const expected = firstOf(
  [
    ['correct', 'pass', undefined],
    ['segfaults', 'crash', 'SIGSEGV'],
    ['throws', 'fail', 'refused'],
    ['nan', 'fail', 'nan'],
    ['overruns', 'fail', 'overrun'],
    ['dies-at-start', 'unavailable', undefined],
    ['prints', 'pass', undefined],
    ['aborts', 'crash', 'SIGABRT'],
    ['exits', 'crash', 'exit'],
    ['forges', 'crash', 'protocol'],
    ['wrong-shape', 'fail', 'shape'],
    ['beyond-data', 'fail', 'shape'],
    ['wrong-dtype', 'fail', 'dtype'],
    ['replaces', 'fail', 'misbehaviour'],
    ['writes-inputs', 'fail', 'mutated-input'],
    ['unavailable', 'unavailable', undefined],
  ] as const,
  3,
);

describe('a kernel that misbehaves gets its verdict, and the run goes on', () => {
  test('in one run', async () => {
    const out = scratch();
    const result = await runKernels(
      expected.map(([name]) => name),
      { out },
    );
    expect(result.complete).toBe(true);
    expect(result.checks.map((c) => [c.adapter, c.verdict, c.class])).toEqual(expected.map((row) => [...row]));
    for (const check of result.checks) {
      if (!check.failure) continue;
      expect(check.failure.reproduced, check.adapter).toBe(5);
      // those that fail from 20 keys on are shrunk to 20 keys, the others to one
      expect([1, 20], check.adapter).toContain(check.failure.case.dims.n);
      const folder = join(out, check.failure.folder as string);
      const failure = parseDocument('failure', readFileSync(join(folder, 'failure.json'), 'utf8'), 'failure.json');
      expect(failure).toMatchObject({
        check: check.id,
        verdict: check.verdict,
        case: check.failure.case,
        adapter: { id: check.adapter, builtIn: false },
      });
      // what it printed is kept
      if (check.adapter === 'segfaults') expect(failure.stderr).toContain('about to read beyond the end');
      const { tensors } = decodeSafetensors(readFileSync(join(folder, 'inputs.safetensors')));
      expect(Object.keys(tensors)).toEqual(expect.arrayContaining(['q', 'k', 'v']));
      expect(existsSync(join(folder, 'expected.safetensors')) && existsSync(join(folder, 'bound.safetensors'))).toBe(true);
    }
    // replies that were lost with the process are not lost to the check: it ends at the case at which a kernel that throws ends it
    const [dead, alive] = ['segfaults', 'throws'].map((id) => result.checks.find((c) => c.adapter === id));
    expect([dead?.cases, dead?.coverage]).toEqual([alive?.cases, alive?.coverage]);
    expect(parseDocument('result', readFileSync(join(out, 'result.json'), 'utf8'), 'result.json')).toEqual(result);
  });

  test.skipIf(asksAll)('one that hangs is killed, neither shrunk nor run again, and given up after three checks', async () => {
    const { checks } = await runKernels(['hangs'], {
      timeout: 1,
      filter: ['softmax/{full,causal}/oracle/f32', 'softmax/any/{deterministic,empty-row}/f32'],
      runs: 30,
      jobs: 1,
    });
    expect(checks.map((c) => c.verdict).sort()).toEqual(['not-run', 'timeout', 'timeout', 'timeout']);
    expect(checks.find((c) => c.verdict === 'not-run')?.reason).toContain('given up after 3 checks with a timeout');
    for (const c of checks.filter((c) => c.verdict === 'timeout')) expect(c.failure).toMatchObject({ reproduced: -1, shrunk: 0 });
  });

  test.skipIf(asksAll)('what the time limit leaves is not run, with the reason', async () => {
    const { checks, complete } = await runKernels(['correct'], { timeLimit: 0 });
    expect(complete).toBe(true);
    expect(checks.map((c) => [c.verdict, c.reason])).toEqual([['not-run', 'the time limit of 0 s was reached']]);
  });

  test.skipIf(asksAll)('an adapter whose claims are malformed ends the run before anything is judged', async () => {
    await expect(runKernels(['malformed'])).rejects.toThrow(/malformed\.js.*\$\.capabilities\.dtypes/s);
  });
});
