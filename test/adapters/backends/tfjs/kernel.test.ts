import tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tfjsCpu, tfjsNode, tfjsNodeGpu, tfjsWasm } from '../../../../adapters/backends/tfjs/index.js';
import { type Call, Unsupported } from '../../../../adapters/kernel.js';
import { resolveCapabilities } from '../../../../spec/claims/capabilities.js';
import { valuesOf } from '../../../../spec/tensor/tensor.js';
import { calls } from '../../support/calls.js';
import { distance } from '../../support/closeness.js';

const [call] = fc.sample(calls(tfjsCpu.capabilities, 'f32'), { numRuns: 1, seed: 7 });

describe('the adapters of TensorFlow.js', () => {
  it('make valid claims', () => {
    for (const adapter of [tfjsCpu, tfjsWasm, tfjsNode, tfjsNodeGpu]) {
      expect(resolveCapabilities(adapter.capabilities, adapter.id).gradients).toContain('dlse');
    }
  });

  it('free every tensor of a call', async () => {
    const kernel = await tfjsCpu.open();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) {
      await kernel.forward(call);
      await kernel.backward?.(withCotangent(call));
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keep to their backends when they take turns', async () => {
    const [cpu, wasm] = [await tfjsCpu.open(), await tfjsWasm.open()];
    for (const kernel of [cpu, wasm, cpu]) {
      await kernel.forward(call);
      expect(tf.getBackend()).toBe(kernel.environment.backend);
    }
    expect(distance(valuesOf((await cpu.forward(call)).o), valuesOf((await wasm.forward(call)).o))).toBeLessThan(1e-5);
  });

  it('leave their inputs as they were', async () => {
    const before = Object.fromEntries(Object.entries(call.tensors).map(([name, t]) => [name, t.data.slice()]));
    for (const adapter of [tfjsCpu, tfjsWasm]) await (await adapter.open()).forward(call);
    expect(Object.fromEntries(Object.entries(call.tensors).map(([name, t]) => [name, t.data]))).toEqual(before);
  });

  it('give the same output again', async () => {
    for (const adapter of [tfjsCpu, tfjsWasm]) {
      const kernel = await adapter.open();
      expect((await kernel.forward(call)).o.data).toEqual((await kernel.forward(call)).o.data);
    }
  });

  it('say where the WebAssembly comes from', async () => {
    const { environment } = await tfjsWasm.open();
    expect(environment).toMatchObject({ backend: 'wasm', node: process.version, arch: process.arch });
    expect(environment['tfjs-backend-wasm']).toMatch(/^\d+\.\d+/);
    expect(environment.simd).toMatch(/^(true|false)$/);
  });

  it('do not answer for an operator that they do not know', async () => {
    const kernel = await tfjsCpu.open();
    await expect(kernel.forward({ ...call, case: { ...call.case, operator: 'moba' } })).rejects.toThrow(Unsupported);
  });
});

function withCotangent(c: Call): Call {
  const { b, hk, g, m, e } = c.case.dims;
  const shape = [b, hk * g, m, e];
  return {
    ...c,
    tensors: {
      ...c.tensors,
      do: { ...c.tensors.q, shape, strides: [hk * g * m * e, m * e, e, 1], data: new Float32Array(b * hk * g * m * e).fill(1) },
    },
  };
}
