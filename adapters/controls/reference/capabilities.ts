import { allDenseShapes } from '../../../spec/claims/dense-shapes.js';
import type { Capabilities } from '../../../spec/types/documents.js';
import { tile } from './softmax/online.js';

const shared: Capabilities = {
  dtypes: ['f64', 'f32', 'f16', 'bf16'],
  operators: ['softmax', 'linear', 'linear-causal', 'linear-decay', 'efficient', 'dilated', 'apb', 'linear-softmax'],
  denseMaskShapes: allDenseShapes,
  options: ['scale', 'softcap', 'sink', 'alibi', 'bias', 'eps', 'decay', 'segment', 'ratio', 'levels', 'anchor', 'block', 'top'],
  outputs: ['o', 'lse'],
  gradients: ['q', 'k', 'v', 'sink', 'bias', 'alibi', 'dlse'],
  layouts: ['bhld', 'blhd', 'thd'],
  strided: true,
  blockBackward: true,
  deterministic: { forward: true, backward: true },
  batchInvariant: true,
  captured: true,
  reuse: true,
};

export const onlineCapabilities: Capabilities = {
  ...shared,
  masks: ['full', 'causal', 'sliding-window'],
  denseMask: 'boolean',
  pages: { sizes: [16, 4, 1], append: true },
  // up to a million tokens, because keys outside a window take no time
  limits: { m: { max: 2 ** 20 }, n: { max: 2 ** 20 } },
  numeric: {
    f64: { accumulate: 'f64', tile, divides: 'last' },
    f32: { accumulate: 'f32', tile, divides: 'last' },
    f16: { accumulate: 'f32', probabilities: 'storage', scoreGradients: 'storage', tile, divides: 'last' },
    bf16: { accumulate: 'f32', probabilities: 'storage', scoreGradients: 'storage', tile, divides: 'last' },
  },
};

/** Masks come only as a bias, so that a window by name and in a bias agree. */
export const plainCapabilities: Capabilities = {
  ...shared,
  masks: ['full'],
  denseMask: 'additive',
  numeric: {
    f64: { accumulate: 'f64' },
    f32: { accumulate: 'f32' },
    f16: { accumulate: 'f32', probabilities: 'storage', scoreGradients: 'storage' },
    bf16: { accumulate: 'f32', probabilities: 'storage', scoreGradients: 'storage' },
  },
};
