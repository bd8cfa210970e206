import type { Adapter } from '../../adapter.js';
import { type Algorithm, webgpuCapabilities } from '../webgpu/capabilities.js';
import { openPageKernel } from './page-kernel.js';

const titles: Readonly<Record<Algorithm, string>> = {
  flash: 'WGSL in headless Chromium: tiled flash attention',
  naive: 'WGSL in headless Chromium: materialised scores',
  'split-kv': 'WGSL in headless Chromium: split-KV decode',
};

/** Adapter of our WGSL kernels in a real browser. It claims f32: whether the device has f16 is known only when the browser runs. */
export function webgpuChromium(id: string, algorithm: Algorithm): Adapter {
  return {
    id,
    title: titles[algorithm],
    // tensors are sent to the page contiguous
    capabilities: { ...webgpuCapabilities(algorithm, { f16: false }), strided: false, device: 'webgpu-chromium', speed: 'slow' },
    open: () => openPageKernel({ script: 'dist/adapters/backends/chromium/page.js' }, `?algorithm=${algorithm}`),
  };
}
