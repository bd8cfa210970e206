"""ring-flash-attention: zigzag_ring_flash_attn_func, causal.

https://github.com/zhuzilin/ring-flash-attention: q [b, n, h, d], k and v [b, n, hk, d] of this rank, chunks r and 2P - 1 - r of 2P, in float16 or bfloat16
on CUDA; o as q, lse float32 [b, h, n].
"""

from __future__ import annotations

from typing import Optional, Tuple

import ring_flash_attn
import torch
from attn_cts import scheme, shard, unshard


@scheme(
    id="ring-flash-attn-zigzag",
    title="ring-flash-attention, zigzag",
    worlds=[2, 4, 8],
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    d={"multipleOf": 8, "max": 256},
    e="=d",
    masks={"causal": {"causal": True}},
    outputs=["o", "lse"],
    gradients=True,
    excludes=[{"mask": {"name": "full"}}],
    numeric={"accumulate": "f32", "partials": "storage"},
)
def attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, causal: bool = False, scale: Optional[float] = None
) -> Tuple[torch.Tensor, torch.Tensor]:
    own = [shard(x, 1, zigzag=True) for x in (q, k, v)]
    o, lse, _ = ring_flash_attn.zigzag_ring_flash_attn_func(*own, softmax_scale=scale, causal=causal, return_attn_probs=True)
    return unshard(o, 1, zigzag=True), unshard(lse, 2, zigzag=True)
