import { type Algorithm, webgpuCapabilities } from '../../adapters/backends/webgpu/capabilities.js';
import type { Capabilities } from '../../spec/types/documents.js';

/** Built-in WGSL kernel, run on the browser's GPU. */
export interface Implementation {
  readonly id: string;
  readonly title: string;
  readonly algorithm: Algorithm;
}

export const implementations: readonly Implementation[] = [
  { id: 'webgpu-browser', title: 'WGSL in a browser: tiled flash attention', algorithm: 'flash' },
  { id: 'webgpu-browser-naive', title: 'WGSL in a browser: materialised scores', algorithm: 'naive' },
  { id: 'webgpu-browser-split-kv', title: 'WGSL in a browser: split-KV decode', algorithm: 'split-kv' },
];

/** @param f16 true if the device has shader-f16. */
export function capabilitiesOf({ algorithm }: Implementation, f16: boolean): Capabilities {
  return { ...webgpuCapabilities(algorithm, { f16 }), device: 'webgpu-browser' };
}
