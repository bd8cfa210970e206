import type { Tensor } from '../../../spec/tensor/tensor.js';
import type { Case } from '../../adapter.js';
import type { Call } from '../../kernel.js';
import { attentionBias } from './attention-bias.js';
import { claimedMask, floatAttributes } from './attributes.js';
import { type Feed, feedOf, floatType, int64, packHeads } from './feeds.js';
import type { Operator, Request } from './kernel.js';
import { paddingMask } from './named-masks.js';

/** ai.onnx Attention, opset 24: https://onnx.ai/onnx/operators/onnx__Attention.html */
export const attention: Operator = {
  title: 'ai.onnx Attention 24',
  capabilities: {
    dtypes: ['f32', 'f16'],
    operators: ['softmax'],
    masks: ['full', 'causal', 'padding'],
    denseMask: 'both',
    // the kernel requires attn_mask to have m rows, although the operator allows broadcasting
    denseMaskShapes: ['b h m n', '1 h m n', 'b 1 m n', '1 1 m n'],
    options: ['scale', 'softcap', 'bias'],
    layouts: ['bhld', 'blhd'],
    dialect: { causal: 'top-left', maskedNaN: 'leaks' },
    // steps share one buffer of the case's dtype; f16 matrices are multiplied in float32
    numeric: {
      f32: { accumulate: 'f32' },
      f16: { accumulate: 'f32', scores: 'storage', probabilities: 'storage' },
    },
  },
  request,
};

function request({ case: c, tensors }: Call, masks: readonly string[]): Request {
  const { q, k, v, mask, bias, lengths } = tensors;
  const named = claimedMask(c, masks);
  const padding = named?.name === 'padding';
  // lengths per batch entry are an input for right padding; left padding must be a mask
  const byLength = padding && named.parameters.side === 'right';
  const packed = c.layout === 'blhd';
  const feed = (t: Tensor) => (packed ? packHeads(t, c.layout) : feedOf(t));
  return {
    domain: '',
    opset: 24,
    op: 'Attention',
    integers: {
      ...(named?.name === 'causal' ? { is_causal: 1 } : {}),
      ...(packed ? { q_num_heads: c.dims.hk * c.dims.g, kv_num_heads: c.dims.hk } : {}),
    },
    floats: floatAttributes(c, ['scale', 'softcap']),
    inputs: [
      ['q', feed(q)],
      ['k', feed(k)],
      ['v', feed(v)],
      ['attn_mask', attentionMask(c, padding && !byLength ? paddingMask(c, lengths.data) : mask, bias)],
      ['past_key', undefined],
      ['past_value', undefined],
      ['nonpad_kv_seqlen', byLength ? int64(Array.from(lengths.data)) : undefined],
    ],
    outputs: [{ name: 'o', type: floatType(c.dtype), rank: packed ? 3 : 4 }],
  };
}

/** Returns the one mask input: boolean unless there is a bias to add. */
function attentionMask(c: Case, mask: Tensor | undefined, bias: Tensor | undefined): Feed | undefined {
  if (mask && !bias) return feedOf(mask);
  const added = attentionBias(c.dtype, [bias, mask]);
  return added && feedOf(added);
}
