"""DeepSpeed's DistributedAttention (https://github.com/deepspeedai/DeepSpeed, Apache-2.0) around PyTorch's attention.

Contiguous tokens, batch or sequence first, of heads that the ranks divide or not.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import torch
import torch.distributed as dist
from ulysses_around import Attention, attention_of_heads, declared, package

Tensor = torch.Tensor


def distributed_attention() -> Any:
    """deepspeed.sequence.layer, whose deepspeed.comm is torch.distributed, which that wraps."""
    if "deepspeed" not in sys.modules:
        for name in ("deepspeed", "deepspeed.module_inject", "deepspeed.sequence"):
            package(name)
        package("deepspeed.comm", **{name: getattr(dist, name) for name in ("ProcessGroup", "all_to_all_single", "get_world_size")})
        # streams of CUDA, of which the path without overlap knows nothing
        package("deepspeed.accelerator", get_accelerator=lambda: None)
        package("deepspeed.utils", groups=ModuleType("groups"))
        sys.modules["deepspeed.utils"].groups._get_sequence_parallel_rank = dist.get_rank
    from deepspeed.module_inject import tp_shard
    from deepspeed.sequence.layer import DistributedAttention

    # DeepSpeed before 0.19.8 keeps it from the first call whose heads are uneven, for a model has one number of them
    if hasattr(tp_shard, "set_num_kv_heads"):
        tp_shard.set_num_kv_heads(None)
    return DistributedAttention


def of_deepspeed() -> Attention:
    layer = distributed_attention()(attention_of_heads, dist.group.WORLD, scatter_idx=2, gather_idx=1)
    return lambda q, k, v, causal, scale: layer(q, k, v, 0, causal=causal, softmax_scale=scale)


def of_deepspeed_sequence_first() -> Attention:
    """[n, b, h, d], as Megatron has it: the defaults of DistributedAttention."""

    def turned(x: Tensor) -> Tensor:
        return x.transpose(0, 1).contiguous()

    def heads(q: Tensor, k: Tensor, v: Tensor, **options: Any) -> Tensor:
        return turned(attention_of_heads(turned(q), turned(k), turned(v), **options))

    layer = distributed_attention()(heads, dist.group.WORLD)
    return lambda q, k, v, causal, scale: turned(layer(turned(q), turned(k), turned(v), 1, causal=causal, softmax_scale=scale))


deepspeed = declared("deepspeed-ulysses-local", "DeepSpeed, DistributedAttention around PyTorch's", "deepspeed", of_deepspeed)
deepspeed_sequence_first = declared(
    "deepspeed-ulysses-sequence-first-local", "DeepSpeed, DistributedAttention, sequence first", "deepspeed", of_deepspeed_sequence_first
)
# "the number of heads for q is consistent with kv", and there are more of them than ranks
deepspeed_uneven = declared(
    "deepspeed-ulysses-uneven-local",
    "DeepSpeed, DistributedAttention, heads that the ranks do not divide",
    "deepspeed",
    of_deepspeed,
    worlds=[2, 4],
    hk=[5, 7],
    grouped=False,
)
