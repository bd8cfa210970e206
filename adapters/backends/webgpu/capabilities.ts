import { allDenseShapes } from '../../../spec/claims/dense-shapes.js';
import type { Capabilities } from '../../../spec/types/documents.js';
import { namedMasks } from './named-masks.js';

/** Forward pass with materialised scores, with tiles and online softmax, or with split keys. */
export type Algorithm = 'naive' | 'flash' | 'split-kv';

/** Keys per step of the online softmax. */
export const tileKeys: Readonly<Record<Exclude<Algorithm, 'naive'>, number>> = { flash: 16, 'split-kv': 32 };

/** Largest head size, limited by the accumulators of a lane. */
export const mostHeadSize = 256;

/** @param features f16: the device has the WebGPU feature shader-f16. */
export function webgpuCapabilities(algorithm: Algorithm, features: { readonly f16: boolean }): Capabilities {
  return {
    dtypes: features.f16 ? ['f32', 'f16'] : ['f32'],
    operators: ['softmax'],
    masks: namedMasks,
    denseMask: 'both',
    denseMaskShapes: allDenseShapes,
    options: ['scale', 'softcap', 'sink', 'alibi', 'bias'],
    outputs: ['o', 'lse'],
    layouts: ['bhld', 'thd'],
    pages: { sizes: [16, 4, 1], append: true },
    gradients: algorithm === 'split-kv' ? false : ['q', 'k', 'v', 'sink', 'bias', 'alibi', 'dlse'],
    blockBackward: algorithm !== 'split-kv',
    limits: { d: { max: mostHeadSize }, e: { max: mostHeadSize } },
    deterministic: { forward: true, backward: algorithm !== 'split-kv' },
    // views are packed for the upload
    strided: true,
    batchInvariant: true,
    device: 'webgpu',
    numeric: {
      accumulate: 'f32',
      probabilities: 'accumulate',
      scoreGradients: 'accumulate',
      // WGSL allows flushing subnormals (https://www.w3.org/TR/WGSL/#floating-point-evaluation)
      flushToZero: true,
      ...(algorithm !== 'naive' && { tile: tileKeys[algorithm] }),
    },
  };
}
