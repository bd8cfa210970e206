import type { Adapter } from '../../adapter.js';
import { type Algorithm, webgpuCapabilities } from '../webgpu/capabilities.js';
import { openPageKernel } from './page-kernel.js';

const titles: Readonly<Record<Algorithm, string>> = {
  flash: 'WGSL in headless Chromium: tiled flash attention',
  naive: 'WGSL in headless Chromium: materialised scores',
  'split-kv': 'WGSL in headless Chromium: split-KV decode',
};

/** Runs the built-in WGSL kernels in a browser, in f32: f16 is known only once the browser runs. */
export function webgpuChromium(id: string, algorithm: Algorithm): Adapter {
  return {
    id,
    title: titles[algorithm],
    // tensors are sent to the page contiguous
    capabilities: { ...webgpuCapabilities(algorithm, { f16: false }), strided: false, device: 'webgpu-chromium', speed: 'slow' },
    open: () => openPageKernel({ script: 'dist/adapters/backends/chromium/page.js' }, `?algorithm=${algorithm}`),
  };
}
