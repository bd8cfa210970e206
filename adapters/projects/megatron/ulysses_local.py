"""The all-to-all of Megatron's context parallelism of Mamba (https://github.com/NVIDIA/Megatron-LM, BSD-3-Clause) around PyTorch's attention: zigzag."""

from __future__ import annotations

import sys

import torch
import torch.distributed as dist
from ulysses_around import Attention, attention_of_heads, declared, package

Tensor = torch.Tensor


def of_megatron() -> Attention:
    if "megatron.core" not in sys.modules:
        for name in ("megatron.core", "megatron.core.tensor_parallel", "megatron.core.ssm", "megatron.core.inference"):
            package(name)
    from megatron.core.ssm import mamba_context_parallel as cp

    group, ranks = dist.group.WORLD, dist.get_world_size()

    def whole(x: Tensor) -> Tensor:
        """[b, n / P, h, d] as [b, n, h / P, d], its tokens in order."""
        of_heads = cp._all_to_all_cp2hp(x.transpose(0, 1).flatten(2), group)
        return cp._undo_attention_load_balancing(of_heads, ranks).unflatten(2, (-1, x.shape[-1])).transpose(0, 1)

    def own(x: Tensor) -> Tensor:
        balanced = cp._redo_attention_load_balancing(x.transpose(0, 1).flatten(2), ranks)
        return cp._all_to_all_hp2cp(balanced, group).unflatten(2, (-1, x.shape[-1])).transpose(0, 1)

    return lambda q, k, v, causal, scale: own(attention_of_heads(whole(q), whole(k), whole(v), causal, scale))


megatron = declared(
    "megatron-ulysses-local",
    "Megatron, all-to-all of its context parallelism around PyTorch's",
    "megatron-core",
    of_megatron,
    zigzag=True,
    worlds=[2, 4],
)
