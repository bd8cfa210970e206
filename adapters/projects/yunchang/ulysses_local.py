"""yunchang's UlyssesAttention (https://github.com/feifeibear/long-context-attention, Apache-2.0) around PyTorch's attention: contiguous tokens."""

from __future__ import annotations

import torch.distributed as dist
from ulysses_around import Attention, attention_of_heads, declared


def of_yunchang() -> Attention:
    from yunchang.kernels import AttnType
    from yunchang.ulysses import UlyssesAttention

    layer = UlyssesAttention(dist.group.WORLD, attn_type=AttnType.TORCH_MATH)
    layer.attn_fn = attention_of_heads
    return lambda q, k, v, causal, scale: layer(q, k, v, softmax_scale=scale, causal=causal)


yunchang = declared("yunchang-ulysses-local", "yunchang, UlyssesAttention around PyTorch's", "yunchang", of_yunchang)
