"""Ulysses of other projects around PyTorch's attention: what they send between the ranks needs no CUDA, though their own attentions do.

yunchang's UlyssesAttention (https://github.com/feifeibear/long-context-attention, Apache-2.0): q [b, n, h, d], k and v [b, n, hk, d] of this rank's contiguous tokens; the ranks divide the key heads.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Optional

import torch
import torch.distributed as dist
from attn_cts import scheme, shard, unshard

Tensor = torch.Tensor


def attention_of_heads(q: Tensor, k: Tensor, v: Tensor, causal: bool = False, softmax_scale: Optional[float] = None, **_: Any) -> Tensor:
    """[b, n, h, d], as the projects' own attentions take them."""
    of = q.shape[2] // k.shape[2]
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    k, v = (x.repeat_interleave(of, 1) for x in (k, v))
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=softmax_scale).transpose(1, 2)


def declared(name: str, title: str, layer: Callable[[], Callable[..., Tensor]]) -> Callable:
    @scheme(
        id=name,
        title=title,
        version=os.environ.get("ATTN_CTS_COMMIT"),
        worlds=[1, 2, 4],
        framework="torch",
        device="cpu",
        layout="blhd",
        m="=n",
        hk={"multipleOf": 4},
        masks={"causal": {"causal": True}},
        gradients=True,
        dialect={"maskedNaN": "leaks"},
    )
    def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = False, scale: Optional[float] = None) -> Tensor:
        return unshard(layer()(*(shard(x, 1) for x in (q, k, v)), softmax_scale=scale, causal=causal), 1)

    return attention


def of_yunchang() -> Callable[..., Tensor]:
    from yunchang.kernels import AttnType
    from yunchang.ulysses import UlyssesAttention

    layer = UlyssesAttention(dist.group.WORLD, attn_type=AttnType.TORCH_MATH)
    layer.attn_fn = attention_of_heads
    return layer


yunchang = declared("yunchang-ulysses-local", "yunchang, UlyssesAttention around PyTorch's", of_yunchang)
