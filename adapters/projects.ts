import type { Checkout } from './backends/checkout.js';

// Python projects that a checkout may bring instead of an installed package.

export const ringAttentionPytorch: Checkout = {
  variable: 'ATTN_CTS_RING_ATTENTION_PYTORCH',
  repository: 'https://github.com/lucidrains/ring-attention-pytorch',
  holds: 'ring_attention_pytorch/ring_flash_attention.py',
};

export const yunchang: Checkout = {
  variable: 'ATTN_CTS_YUNCHANG',
  repository: 'https://github.com/feifeibear/long-context-attention',
  holds: 'yunchang/ulysses/attn_layer.py',
};

export const deepspeed: Checkout = {
  variable: 'ATTN_CTS_DEEPSPEED',
  repository: 'https://github.com/deepspeedai/DeepSpeed',
  holds: 'deepspeed/sequence/layer.py',
};

export const megatron: Checkout = {
  variable: 'ATTN_CTS_MEGATRON',
  repository: 'https://github.com/NVIDIA/Megatron-LM',
  holds: 'megatron/core/ssm/mamba_context_parallel.py',
};

export const magiAttention: Checkout = {
  variable: 'ATTN_CTS_MAGI_ATTENTION',
  repository: 'https://github.com/SandAI-org/MagiAttention',
  holds: 'magi_attention/testing/ref_attn.py',
};

export const tinygrad: Checkout = {
  variable: 'ATTN_CTS_TINYGRAD',
  repository: 'https://github.com/tinygrad/tinygrad',
  holds: 'tinygrad/tensor.py',
};

export const fla: Checkout = {
  variable: 'ATTN_CTS_FLA',
  repository: 'https://github.com/fla-org/flash-linear-attention',
  holds: 'fla/ops/gla/naive.py',
};
/** Naive forms of `fla`, as suffixes of adapter ids. */
export const flaForms = [
  'gated-delta-recurrent',
  'gated-delta-chunk',
  'delta-recurrent',
  'delta-chunk',
  'simple-gla-recurrent',
  'simple-gla-chunk',
  'simple-gla-parallel',
  'gla-recurrent',
  'retention-parallel',
  'kda-recurrent',
  'kda-chunk',
];
