import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../adapter.js';
import type { Call } from '../../kernel.js';
import { attentionBias } from './attention-bias.js';
import { claimedMask, floatAttributes } from './attributes.js';
import { feedOf, floatType, int32, packHeads } from './feeds.js';
import type { Operator, Request } from './kernel.js';
import { windowMask } from './named-masks.js';

/**
 * com.microsoft GroupQueryAttention, as a prompt without a past:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
export const groupQueryAttention: Operator = {
  title: 'com.microsoft GroupQueryAttention',
  capabilities: {
    dtypes: ['f32', 'f16'],
    operators: ['softmax'],
    masks: ['full', 'causal', 'sliding-window'],
    denseMask: 'additive',
    denseMaskShapes: ['b h m n', '1 h m n', 'b 1 m n', '1 1 m n'],
    options: ['scale', 'softcap', 'sink', 'bias'],
    layouts: ['bhld', 'blhd'],
    limits: { m: '=n', d: { multipleOf: 8 }, e: '=d' },
    dialect: { emptyOutput: 'nan', maskedNaN: 'leaks', window: 'exclusive' },
    // scores and probabilities stay in a float buffer for every dtype
    numeric: { accumulate: 'f32', probabilities: 'accumulate' },
  },
  request,
};

function request({ case: c, tensors }: Call, masks: readonly string[]): Request {
  const { q, k, v, bias, sink } = tensors;
  const { b, hk, g, n } = c.dims;
  const visibility = visibilityOf(c, masks);
  const added = attentionBias(c.dtype, [bias, visibility.mask]);
  const type = floatType(c.dtype);
  return {
    domain: 'com.microsoft',
    opset: 1,
    op: 'GroupQueryAttention',
    integers: { num_heads: hk * g, kv_num_heads: hk, ...visibility.attributes },
    floats: floatAttributes(c, ['scale', 'softcap']),
    inputs: [
      ['q', packHeads(q, c.layout)],
      ['k', packHeads(k, c.layout)],
      ['v', packHeads(v, c.layout)],
      ['past_key', undefined],
      ['past_value', undefined],
      ['seqlens_k', int32(new Array(b).fill(n - 1))],
      ['total_sequence_length', int32([n])],
      ['cos_cache', undefined],
      ['sin_cache', undefined],
      ['position_ids', undefined],
      ['attention_bias', added && feedOf(added)],
      ['head_sink', sink && feedOf(sink)],
    ],
    outputs: [
      { name: 'o', type, rank: 3 },
      { name: 'present_key', type, rank: 4 },
      { name: 'present_value', type, rank: 4 },
    ],
  };
}

/** Returns attributes for a mask, or a mask to add for windows that are empty or see ahead. */
function visibilityOf(c: Case, masks: readonly string[]): { attributes: Record<string, number>; mask?: Tensor } {
  const named = claimedMask(c, masks);
  if (named?.name === 'causal') return { attributes: { causal: 1 } };
  if (named?.name !== 'sliding-window') return { attributes: { causal: 0 } };
  const { left, right } = named.parameters as { left: number; right: number };
  if (right !== 0 || left === 0) return { attributes: { causal: 0 }, mask: windowMask(c, left, right) };
  return { attributes: { causal: 1, local_window_size: left } };
}
