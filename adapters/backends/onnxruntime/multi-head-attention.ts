import { contiguousData, type Tensor } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../adapter.js';
import type { Call } from '../../kernel.js';
import { attentionBias } from './attention-bias.js';
import { claimedMask, floatAttributes } from './attributes.js';
import { type Feed, feedOf, int32, packHeads } from './feeds.js';
import type { Operator, Request } from './kernel.js';

/**
 * com.microsoft MultiHeadAttention, f32 only:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const multiHeadAttention: Operator = {
  title: 'com.microsoft MultiHeadAttention',
  capabilities: {
    dtypes: ['f32'],
    operators: ['softmax'],
    masks: ['full', 'causal', 'padding'],
    denseMask: 'both',
    denseMaskShapes: ['b h m n', '1 h m n', 'b 1 m n', '1 1 m n'],
    options: ['scale', 'bias'],
    grouped: false,
    layouts: ['bhld', 'blhd'],
    dialect: { causal: 'top-left', emptyOutput: 'nan', maskedNaN: 'leaks' },
    numeric: { accumulate: 'f32' },
  },
  request,
};

function request({ case: c, tensors }: Call, masks: readonly string[]): Request {
  const { q, k, v, mask, bias, lengths } = tensors;
  const named = claimedMask(c, masks);
  // a mask without heads is the integer key_padding_mask; a mask with heads is added
  const keyMask = named?.name === 'padding' ? keyPadding(c, lengths.data) : mask && mask.shape[1] === 1 ? pairMask(c, mask) : undefined;
  const added = attentionBias(c.dtype, [bias, keyMask ? undefined : mask]);
  return {
    domain: 'com.microsoft',
    opset: 1,
    op: 'MultiHeadAttention',
    integers: { num_heads: c.dims.hk * c.dims.g, ...(named?.name === 'causal' ? { unidirectional: 1 } : {}) },
    // the default, −10000, would let hidden keys through if scores are very negative
    floats: { ...floatAttributes(c, ['scale']), mask_filter_value: -Infinity },
    inputs: [
      ['q', packHeads(q, c.layout)],
      ['k', packHeads(k, c.layout)],
      ['v', packHeads(v, c.layout)],
      ['projection_bias', undefined],
      ['key_padding_mask', keyMask],
      ['attention_bias', added && feedOf(added)],
    ],
    outputs: [{ name: 'o', type: 'float32', rank: 3 }],
  };
}

/** Returns [b, n], 0 at padding. */
function keyPadding({ dims: { b, n }, mask }: Case, lengths: ArrayLike<number>): Feed {
  const left = 'name' in mask && mask.parameters?.side === 'left';
  const visible = Array.from({ length: b * n }, (_, at) => {
    const length = lengths[Math.floor(at / n)];
    return Number(left ? at % n >= n - length : at % n < length);
  });
  return int32(visible, [b, n]);
}

/** Converts [b|1, 1, m, n] to [b, m, n]. */
function pairMask({ dims: { b, m, n } }: Case, mask: Tensor): Feed {
  const data = contiguousData(mask);
  return int32(
    Array.from({ length: b * m * n }, (_, at) => data[at % data.length]),
    [b, m, n],
  );
}
