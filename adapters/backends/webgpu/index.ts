import type { Adapter } from '../../adapter.js';
import { type Algorithm, webgpuCapabilities } from './capabilities.js';
import { openDawn, openDevice } from './dawn.js';
import { createWebGpuKernel } from './kernel.js';
import { warmUp } from './warm-up.js';

const titles: Readonly<Record<Algorithm, string>> = {
  flash: 'WGSL on Dawn: tiled flash attention',
  naive: 'WGSL on Dawn: materialised scores',
  'split-kv': 'WGSL on Dawn: split-KV decode',
};

/** Our own WGSL kernels in this process. What they claim depends on the device: f16 where it has shader-f16. */
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

/** Without a device nothing is claimed beyond f32: open() then says what is missing. */
async function hasF16(): Promise<boolean> {
  const dawn = await openDawn().catch(() => undefined);
  return dawn?.adapter.features.has('shader-f16') ?? false;
}
