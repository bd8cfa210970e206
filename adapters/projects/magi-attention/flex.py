"""MagiAttention: magi_attn_flex_dispatch and calc_attn, forward.

https://github.com/SandAI-org/MagiAttention: tokens first, [n, h, d], a batch of one, in float16 or bfloat16 on Hopper; its solver dispatches chunks of queries to ranks.
"""

from __future__ import annotations

import torch
import torch.distributed as dist
from attn_cts import scheme
from magi_attention.api import calc_attn, compute_pad_size, dispatch, magi_attn_flex_dispatch, undispatch
from magi_attention.common import AttnRanges
from magi_attention.common.enum import AttnMaskType

CHUNK = 16
"""Tokens that are dispatched together."""


@scheme(
    id="magi-attention",
    title="MagiAttention",
    worlds=[2, 4, 8],
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    b=1,
    d=[64, 128],
    e="=d",
    masks={"causal": {"causal": True}},
)
def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, causal: bool = False) -> torch.Tensor:
    n = q.shape[1]
    ranks = dist.get_world_size()
    pad = compute_pad_size(total_seqlen_q=n, cp_size=ranks, chunk_size=CHUNK)
    every = AttnRanges.from_ranges([[0, n]])
    own_q, key = magi_attn_flex_dispatch(
        q[0],
        q_ranges=every,
        k_ranges=every,
        attn_mask_type=[AttnMaskType.CAUSAL if causal else AttnMaskType.FULL],
        total_seqlen_q=n,
        total_seqlen_k=n,
        pad_size=pad,
        chunk_size=CHUNK,
        cp_group_or_mesh=dist.group.WORLD,
    )
    o, _ = calc_attn(q=own_q, k=dispatch(k[0], key), v=dispatch(v[0], key), key=key)
    return undispatch(x=o, key=key)[None]
