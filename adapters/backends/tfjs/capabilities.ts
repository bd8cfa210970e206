import type { Capabilities, Numeric } from '../../../spec/types/documents.js';

/** Capabilities on any backend; dense masks are operands of its operations. */
export function tfjsCapabilities(numeric: Numeric, deterministic: NonNullable<Capabilities['deterministic']>): Capabilities {
  return {
    dtypes: ['f32'],
    operators: ['softmax', 'linear', 'linear-causal', 'efficient'],
    masks: ['full'],
    denseMask: 'both',
    denseMaskShapes: ['b h m n', '1 h m n', 'b 1 m n', '1 1 m n', 'b 1 1 n', '1 1 1 n'],
    options: ['scale', 'softcap', 'sink', 'alibi', 'bias', 'eps'],
    outputs: ['o', 'lse'],
    gradients: ['q', 'k', 'v', 'sink', 'bias', 'alibi', 'dlse'],
    deterministic,
    // values of hidden keys are multiplied by a probability of 0
    dialect: { maskedNaN: 'leaks' },
    numeric: { accumulate: 'f32', ...numeric },
  };
}
