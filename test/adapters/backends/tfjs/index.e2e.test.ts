import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsWebgl } from '../../../../adapters/backends/tfjs/index.js';
import type { Kernel } from '../../../../adapters/kernel.js';
import { problemOf } from '../../../../generators/problem.js';
import { tensorsOf } from '../../../../generators/tensors.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { Claims } from '../../../../spec/claims/claims.js';
import { createLibrary } from '../../../../spec/library.js';
import { expectationOf } from '../../../../spec/oracle/oracle.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import type { Case } from '../../../../spec/types/documents.js';
import { backend, title } from '../../../backend.js';

const claims = Claims.of(createLibrary(), resolveCapabilities(tfjsWebgl.capabilities, tfjsWebgl.id));
const webgl = await backend('tfjs-webgl');

/** The first query sees nothing. */
const c: Case = {
  operator: 'softmax',
  dims: { b: 1, hk: 1, g: 2, m: 3, n: 2, d: 4, e: 4 },
  mask: { name: 'causal' },
  options: {},
  dtype: 'f32',
  layout: 'bhld',
  values: { distribution: 'normal', seed: 1 },
};

describe.skipIf(webgl.missing)(title('tfjs-webgl', webgl), () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await tfjsWebgl.open();
  });
  afterAll(() => kernel?.[Symbol.asyncDispose]());

  it('names the device and the precision of its textures', () => {
    expect(kernel.environment).toMatchObject({ backend: 'webgl', webgl: expect.stringMatching(/^[12]$/), float32: 'true' });
    expect(kernel.environment.renderer).not.toBe('unknown');
  });

  it('computes o, its LSE and the gradients on the device', async () => {
    const gradients = await kernel.backward?.({ case: c, tensors: tensorsOf(claims, c, 'backward') });
    const found = { ...(await kernel.forward({ case: c, tensors: tensorsOf(claims, c) })), ...gradients };
    const expected = (backward: boolean) => expectationOf(problemOf(claims, c, backward), backward).outputs;
    for (const [name, { value }] of Object.entries({ ...expected(false), ...expected(true) })) {
      const actual = valuesOf(found[name]);
      value.forEach((x, i) => {
        expect(Number.isFinite(x) ? Math.abs(x - actual[i]) : Number(x !== actual[i]), `${name}[${i}]`).toBeLessThan(1e-5);
      });
    }
  });
});
