import { describe, expect, test } from 'vitest';
import { startProcess } from '../../../../adapters/backends/process/index.js';
import { tensor } from '../../../../spec/tensor/tensor.js';
import { title } from '../../../backend.js';
import { numpy, python, stridedFile } from '../../../kernels/numpy-flash.js';
import { runKernels } from '../../../suites/runner/run-kernels.js';
import { oneCall } from './one-call.js';

const argv = [python ?? 'python3', stridedFile];

describe.skipIf(numpy.missing)(title('a process that takes views', numpy), () => {
  test('conforms, in both layouts, forward and backward', async () => {
    const { checks } = await runKernels([], {
      adapters: [`process:${argv.join(' ')}`],
      profiles: ['training'],
      filter: ['softmax/any/strided/f32', 'softmax+all/any/gradient/f32', 'softmax/causal/oracle/f32'],
      runs: 10,
    });
    expect(checks.map((c) => [c.verdict, c.failure?.message])).toEqual(checks.map(() => ['pass', undefined]));
    expect(checks).toHaveLength(3);
  });

  test('times its calls, and returns the last outputs', async () => {
    const adapter = await startProcess(argv, { what: 'strided' });
    await using kernel = await adapter.open();
    const timed = await kernel.time?.(oneCall, { pass: 'forward', warmup: 1, repeats: 3, flush: false });
    expect(timed).toMatchObject({
      method: 'wall',
      peakBytes: 0,
      nanoseconds: [expect.any(Number), expect.any(Number), expect.any(Number)],
    });
    expect(timed?.outputs).toEqual(await kernel.forward(oneCall));
  });

  test('may say more than the protocol knows: that is left out, and told', async () => {
    const adapter = await startProcess(argv, { what: 'strided' });
    await using kernel = await adapter.open();
    expect(kernel.environment).toMatchObject({
      threads: '1',
      warning: expect.stringMatching(/\$\.adapter\.licence.*|\$\.capabilities\.colour/),
    });
    expect(adapter.capabilities).not.toHaveProperty('colour');
    expect(adapter).not.toHaveProperty('licence');
  });

  test('may be opened again', async () => {
    const adapter = await startProcess(argv, { what: 'strided' });
    for (let i = 0; i < 2; i++) {
      await using kernel = await adapter.open();
      expect((await kernel.forward(oneCall)).o).toMatchObject(tensor('f32', [1, 1, 1, 2], expect.anything()));
    }
  });
});
