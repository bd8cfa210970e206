import { type Tensors, tensor } from '../../../spec/tensor/tensor.js';
import type { Adapter, Capabilities, Case } from '../../adapter.js';
import type { Call, Kernel } from '../../kernel.js';
import { type Algorithm, webgpuCapabilities } from './capabilities.js';
import { openDawn, openDevice } from './dawn.js';
import { createWebGpuKernel } from './kernel.js';

const titles: Readonly<Record<Algorithm, string>> = {
  flash: 'WGSL on Dawn: tiled flash attention',
  naive: 'WGSL on Dawn: materialised scores',
  'split-kv': 'WGSL on Dawn: split-KV decode',
};

/** Loads the built-in WGSL kernels in this process; claims f16 if the device has shader-f16. */
export async function loadWebgpu(id: string, algorithm: Algorithm): Promise<Adapter> {
  const capabilities = webgpuCapabilities(algorithm, { f16: await hasF16() });
  return {
    id,
    title: titles[algorithm],
    capabilities,
    open: async () => {
      const { adapter, environment } = await openDawn();
      const kernel = createWebGpuKernel(await openDevice(adapter), algorithm, environment);
      await warmUp(kernel, capabilities);
      return kernel;
    },
  };
}

/** Returns false without a device; open() then reports the reason. */
async function hasF16(): Promise<boolean> {
  const dawn = await openDawn().catch(() => undefined);
  return dawn?.adapter.features.has('shader-f16') ?? false;
}

/** Runs every shader once: drivers compile at the first dispatch, which may take seconds. */
async function warmUp(kernel: Kernel, capabilities: Capabilities): Promise<void> {
  for (const dtype of capabilities.dtypes) {
    const call = smallest(dtype);
    await kernel.forward(call);
    await kernel.backward?.(call);
  }
}

function smallest(dtype: Case['dtype']): Call {
  const four = [1, 1, 1, 1];
  const names: Record<string, readonly number[]> = { q: four, k: four, v: four, do: four, bias: four, alibi: [1], sink: [1] };
  const tensors: Tensors = Object.fromEntries(Object.entries(names).map(([name, shape]) => [name, tensor(dtype, shape)]));
  return {
    case: {
      operator: 'softmax',
      dims: { b: 1, hk: 1, g: 1, m: 1, n: 1, d: 1, e: 1 },
      mask: { name: 'full' },
      options: { bias: true, alibi: true, sink: true },
      dtype,
      layout: 'bhld',
      values: { distribution: 'normal', seed: 0 },
    },
    tensors,
  };
}
