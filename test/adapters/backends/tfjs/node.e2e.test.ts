import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tfjsCpu, tfjsNode, tfjsNodeGpu } from '../../../../adapters/backends/tfjs/index.js';
import { nativeAdapter } from '../../../../adapters/backends/tfjs/node.js';
import { Unavailable } from '../../../../adapters/kernel.js';
import { calls } from '../../support/calls.js';

const options = { id: 'stand-in', title: 'Stand-in', capabilities: tfjsCpu.capabilities };

/** A package that registers the backend `tensorflow`, as the native ones do, over TensorFlow.js's own. */
async function standIn(usingGpu: boolean): Promise<string> {
  if (tf.findBackend('tensorflow')) tf.removeBackend('tensorflow');
  const file = join(await mkdtemp(join(tmpdir(), 'stand-in-')), 'index.mjs');
  const source = `
    const tf = globalThis.standInForTfjs;
    const cpu = tf.findBackend('cpu');
    for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: 'tensorflow' });
    tf.registerBackend('tensorflow', () => Object.assign(Object.create(cpu), { isUsingGpuDevice: ${usingGpu}, binding: { TF_Version: '2.9.1' } }));
    export default { ...tf, version: { ...tf.version, 'tfjs-node': '4.22.0' } };`;
  await writeFile(file, source);
  (globalThis as Record<string, unknown>).standInForTfjs = tf;
  return pathToFileURL(file).href;
}

describe('the native adapters of TensorFlow.js', () => {
  it.each([tfjsNode, tfjsNodeGpu])('$id is unavailable without its package, and says what to install', async (adapter) => {
    const packageName = `@tensorflow/${adapter.id}`;
    const installed = await import(packageName).then(
      () => true,
      () => false,
    );
    if (installed) return expect((await adapter.open()).environment.backend).toBe('tensorflow');
    const error = await adapter.open().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ remedy: `npm install ${packageName}` });
    expect((error as Unavailable).reason).toContain(packageName);
  });

  it('run on a package that is there, and name its TensorFlow', async () => {
    const kernel = await nativeAdapter({ ...options, packageName: await standIn(false), gpu: false }).open();
    expect(kernel.environment).toMatchObject({ backend: 'tensorflow', tensorflow: '2.9.1', 'tfjs-node': '4.22.0', device: 'cpu' });
    const [call] = fc.sample(calls(options.capabilities, 'f32'), { numRuns: 1, seed: 3 });
    const expected = await (await tfjsCpu.open()).forward(call);
    expect((await kernel.forward(call)).o).toEqual(expected.o);
  });

  it('are unavailable where the CUDA package finds no device', async () => {
    const packageName = await standIn(false);
    await expect(nativeAdapter({ ...options, packageName, gpu: true }).open()).rejects.toThrow(/no CUDA device/);
  });

  it('name the CUDA device where there is one', async () => {
    const kernel = await nativeAdapter({ ...options, packageName: await standIn(true), gpu: true }).open();
    expect(kernel.environment.device.length).toBeGreaterThan(0);
  });
});
