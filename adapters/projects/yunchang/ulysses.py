"""yunchang: LongContextAttention with all ranks in one Ulysses group.

https://github.com/feifeibear/long-context-attention: q [b, n, h, d], k and v [b, n, hk, d] of this rank's contiguous tokens, in float16 or bfloat16 on CUDA; the ranks
divide the key heads.
"""

from __future__ import annotations

from typing import Dict, Optional

import torch
import torch.distributed as dist
import yunchang
from attn_cts import scheme, shard, unshard

_layers: Dict[str, torch.nn.Module] = {}


def layer() -> torch.nn.Module:
    if "ulysses" not in _layers:
        ranks = dist.get_world_size()
        yunchang.set_seq_parallel_pg(ranks, 1, dist.get_rank(), ranks)
        _layers["ulysses"] = yunchang.LongContextAttention(ring_impl_type="basic")
    return _layers["ulysses"]


@scheme(
    id="yunchang-ulysses",
    title="yunchang, Ulysses",
    worlds=[2, 4],
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    hk={"multipleOf": 4},
    d={"multipleOf": 8, "max": 256},
    e="=d",
    masks={"causal": {"causal": True}},
    gradients=True,
)
def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, causal: bool = False, scale: Optional[float] = None) -> torch.Tensor:
    own = [shard(x, 1) for x in (q, k, v)]
    return unshard(layer()(*own, dropout_p=0.0, softmax_scale=scale, causal=causal), 1)
