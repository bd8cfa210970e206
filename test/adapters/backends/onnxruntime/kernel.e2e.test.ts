import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxruntimeAttention, onnxruntimeGqa, onnxruntimeMha } from '../../../../adapters/backends/onnxruntime/index.js';
import type { Call, Kernel } from '../../../../adapters/kernel.js';
import { tensorOf, valuesOf } from '../../../../spec/tensor/tensor.js';
import { calls } from '../../support/calls.js';

describe.each([onnxruntimeAttention, onnxruntimeMha, onnxruntimeGqa])('$id', (adapter) => {
  const [call] = fc.sample(calls(adapter.capabilities, 'f32'), { numRuns: 1, seed: 11 });
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await adapter.open();
  });
  afterAll(() => kernel[Symbol.asyncDispose]());

  it('names its versions', () => {
    expect(kernel.environment).toMatchObject({ provider: 'cpu', node: process.version, arch: process.arch });
    expect(kernel.environment['onnxruntime-node']).toMatch(/^\d+\.\d+/);
  });

  it('leaves its inputs as they were, and gives the same output again', async () => {
    const before = Object.fromEntries(Object.entries(call.tensors).map(([name, t]) => [name, t.data.slice()]));
    const first = await kernel.forward(call);
    expect(Object.fromEntries(Object.entries(call.tensors).map(([name, t]) => [name, t.data]))).toEqual(before);
    expect(await kernel.forward(call)).toEqual(first);
  });

  it('goes on after more models than it keeps', async () => {
    const { o } = await kernel.forward(call);
    for (let i = 1; i <= 100; i++)
      await kernel.forward({ ...call, case: { ...call.case, options: { ...call.case.options, scale: i / 100 } } });
    expect((await kernel.forward(call)).o).toEqual(o);
  });

  it('goes on after a call that fails', async () => {
    const { o } = await kernel.forward(call);
    const torn: Call = { ...call, tensors: { ...call.tensors, v: tensorOf('f32', [1, 1, 7, 3], new Array(21).fill(0)) } };
    await expect(kernel.forward(torn)).rejects.toThrow();
    expect((await kernel.forward(call)).o).toEqual(o);
  });

  it('refuses a type that the operators do not have', async () => {
    const q = tensorOf('bf16', call.tensors.q.shape, valuesOf(call.tensors.q));
    await expect(kernel.forward({ ...call, tensors: { ...call.tensors, q } })).rejects.toThrow(/bf16/);
  });
});
