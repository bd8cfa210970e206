import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asset } from '../../../../adapters/system/assets.js';
import { title } from '../../../backend.js';
import { asksAll, firstOf } from '../../../some.js';
import { runKernels } from '../../../suites/runner/run-kernels.js';
import { compiler, scratch } from './kernels.js';

/** A copy of what `init` writes, with a change to its kernel. */
function copy(change: (kernel: string) => string = (kernel) => kernel): string {
  const folder = scratch();
  cpSync(asset('suites/init/templates/native'), folder, { recursive: true });
  const file = join(folder, 'kernel.cpp');
  const kernel = readFileSync(file, 'utf8');
  writeFileSync(file, change(kernel));
  return `native:${join(folder, 'kernel.json')}`;
}

/** Part of the code replaced; it must be there. */
function replace(part: string, by: string): (kernel: string) => string {
  return (kernel) => {
    expect(kernel).toContain(part);
    return kernel.replace(part, by);
  };
}

describe.skipIf(compiler.missing)(title('the starting point for a native kernel', compiler), () => {
  it.skipIf(asksAll)('conforms as it is', async () => {
    const filter = ['softmax/**', 'softmax+*/**'];
    const { checks } = await runKernels([], { adapters: [copy()], filter, runs: 2 });
    const verdicts = checks.map((c) => c.verdict);
    expect(verdicts.filter((verdict) => verdict === 'pass').length).toBeGreaterThan(30);
    expect(verdicts.filter((verdict) => verdict !== 'pass' && verdict !== 'unsupported')).toEqual([]);
  });

  it.each(
    firstOf(
      [
        ['visibility', 'the diagonal dropped', 'j <= i + offset', 'j < i + offset'],
        ['value', 'the scale forgotten', 'score * scale', 'score'],
        ['lse', 'the maximum left out of the LSE', 'largest + std::log(sum)', 'std::log(sum)'],
      ] as const,
      1,
    ),
  )('is found out (%s) with %s', async (failure, _, part, by) => {
    const filter = ['softmax/causal/oracle/f32', 'softmax/causal/visibility/f32'];
    const { checks } = await runKernels([], { adapters: [copy(replace(part, by))], filter });
    expect(checks.map((c) => c.class)).toContain(failure);
  });
});
