import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { webgpuChromium } from '../../../../adapters/backends/chromium/index.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { problemOf } from '../../../../generators/problem.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { expectationOf } from '../../../../spec/oracle/oracle.js';
import { tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import { backend, title } from '../../../backend.js';
import { asksAll, firstOf } from '../../../some.js';
import { browsersOf, childrenOf } from './processes.js';

const adapter = webgpuChromium('webgpu-chromium', 'flash');
const library = createLibrary();
const capabilities = resolveCapabilities(adapter.capabilities, adapter.id);
const compiled = fileURLToPath(new URL('../../../../dist/adapters/backends/chromium/index.js', import.meta.url));
const it = await backend('webgpu-chromium');

/** The second query sees nothing. */
const c: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 2, m: 3, n: 2, d: 4, e: 4 },
  mask: { name: 'causal' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 1 },
};

describe.skipIf(it.missing)(title('WebGPU in Chromium', it), () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await adapter.open();
  });
  afterAll(() => kernel?.[Symbol.asyncDispose]());

  test.skipIf(asksAll)('says which browser and which GPU it runs on', () => {
    expect(kernel.environment.chromium).toMatch(/^\d+\./);
    expect(kernel.environment.browser).toContain('Chrome/');
  });

  test.skipIf(asksAll)('forward and backward arrive whole, minus infinity too', async () => {
    const forward = await kernel.forward({ case: c, tensors: tensorsOf(Claims.of(library, capabilities), c) });
    expect(forward.o.shape).toEqual([1, 2, 3, 4]);
    // 3 queries see 2 keys from the end: the first sees none
    const lse = valuesOf(forward.lse);
    expect([lse[0], lse[3]]).toEqual([-Infinity, -Infinity]);
    const expected = (gradients: boolean) => expectationOf(problemOf(Claims.of(library, capabilities), c, gradients), gradients).outputs;
    const outputs = { ...expected(false), ...expected(true) };
    const gradients = await kernel.backward?.({ case: c, tensors: tensorsOf(Claims.of(library, capabilities), c, 'backward') });
    for (const [name, actual] of Object.entries({ o: forward.o, ...gradients })) {
      const { value, bound } = outputs[name];
      valuesOf(actual).forEach((x, i) => {
        expect(Math.abs(x - value[i]), `${name}[${i}]`).toBeLessThanOrEqual(bound[i] + 2 ** -24 * Math.abs(x));
      });
    }
  });

  test.skipIf(asksAll)('an error in the page is an error here, and the next call works', async () => {
    const call = { case: c, tensors: tensorsOf(Claims.of(library, capabilities), c) };
    const { q: _, ...rest } = call.tensors;
    await expect(kernel.forward({ case: c, tensors: rest })).rejects.toThrow();
    await expect(kernel.forward(call)).resolves.toHaveProperty('o');
  });

  test.skipIf(asksAll)('inputs of several megabytes arrive', async () => {
    const large: Case = { ...c, dims: { b: 1, hk: 1, g: 1, m: 1, n: 4096, d: 64, e: 64 }, mask: { name: 'full' } };
    const tensors = tensorsOf(Claims.of(library, capabilities), large);
    tensors.v = tensorOf('f32', tensors.v.shape, new Float32Array(tensors.v.data.length).fill(1));
    const { o } = await kernel.forward({ case: large, tensors });
    expect(valuesOf(o).every((x) => Math.abs(x - 1) < 1e-5)).toBe(true);
  });
});

describe.skipIf(it.missing || process.platform !== 'linux')(title('Chromium, when its processes end', it), () => {
  const call = { case: c, tensors: tensorsOf(Claims.of(library, capabilities), c) };

  test.each(
    firstOf(
      [
        ['its browser', '', 'browser'],
        ['its renderer', '--type=renderer', 'renderer'],
        ['its GPU process', '--type=gpu-process', 'device-lost'],
      ] as const,
      1,
    ),
  )('%s: calls end as what they are', async (_, type, how) => {
    const kernel = await adapter.open();
    try {
      await kernel.forward(call);
      const [browser] = browsersOf(process.pid);
      for (const pid of type === '' ? [browser] : childrenOf(browser, type)) process.kill(pid, 'SIGKILL');
      // a call may still come through before the end is noticed
      const untilItEnds = async () => {
        for (;;) await kernel.forward(call);
      };
      await expect(untilItEnds()).rejects.toMatchObject({ name: 'Crashed', how });
    } finally {
      await kernel[Symbol.asyncDispose]();
    }
    expect(browsersOf(process.pid)).toEqual([]);
  });

  test.skipIf(asksAll)('no browser outlives a host that is killed', async () => {
    const script = `import(${JSON.stringify(compiled)}).then((m) => m.webgpuChromium('x', 'flash').open()).then(() => console.log('open'))`;
    const host = spawn(process.execPath, ['-e', script]);
    const pid = host.pid as number;
    await once(host.stdout, 'data');
    expect(browsersOf(pid)).toHaveLength(1);
    host.kill('SIGKILL');
    await vi.waitFor(() => expect(browsersOf(pid)).toEqual([]), { timeout: 10_000 });
  });
});
