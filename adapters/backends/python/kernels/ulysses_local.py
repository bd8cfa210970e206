"""Ulysses of other projects around PyTorch's attention: what they send between the ranks needs no CUDA, though their own attentions do.

q [b, n, h, d], k and v [b, n, hk, d] of this rank's tokens; the ranks divide the key heads.
yunchang (https://github.com/feifeibear/long-context-attention, Apache-2.0): UlyssesAttention, contiguous tokens.
DeepSpeed (https://github.com/deepspeedai/DeepSpeed, Apache-2.0): DistributedAttention, contiguous tokens, batch or sequence first, of heads that
the ranks divide or not. Megatron (https://github.com/NVIDIA/Megatron-LM, BSD-3-Clause): the all-to-all of Mamba's context parallelism, zigzag.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any, Callable, Optional

import torch
import torch.distributed as dist
from attn_cts import Unavailable, scheme, shard, unshard
from versions import version_of

Tensor = torch.Tensor
Attention = Callable[[Tensor, Tensor, Tensor, bool, Optional[float]], Tensor]
"""o of a rank's own tokens, given its q, k and v, whether it is causal, and the scale."""


def attention_of_heads(q: Tensor, k: Tensor, v: Tensor, causal: bool = False, softmax_scale: Optional[float] = None, **_: Any) -> Tensor:
    """[b, n, h, d], as the projects' own attentions take them."""
    of = q.shape[2] // k.shape[2]
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    k, v = (x.repeat_interleave(of, 1) for x in (k, v))
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=softmax_scale).transpose(1, 2)


def package(name: str, **contents: Any) -> ModuleType:
    """A package without what its __init__ imports, which takes CUDA or a newer PyTorch: only what the contents say, and its own files."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise Unavailable(f"{name} is no folder of the project", "use another commit of it")
    module = ModuleType(name)
    module.__path__ = list(found.submodule_search_locations)
    module.__dict__.update(contents)
    sys.modules[name] = module
    return module


def declared(name: str, title: str, package: str, of: Callable[[], Attention], zigzag: bool = False, **others: Any) -> Callable:
    """package: as which the project is installed, where it is no checkout."""
    claims = dict(
        worlds=[1, 2, 4],
        hk={"multipleOf": 4},
        masks={"causal": {"causal": True}},
        gradients=True,
        dialect={"maskedNaN": "leaks"},
    )

    @scheme(
        id=name,
        title=title,
        version=version_of(package),
        framework="torch",
        device="cpu",
        layout="blhd",
        m="=n",
        **{**claims, **others},
    )
    def attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = False, scale: Optional[float] = None) -> Tensor:
        own = (shard(x, 1, zigzag=zigzag) for x in (q, k, v))
        return unshard(of()(*own, causal, scale), 1, zigzag=zigzag)

    return attention


def of_yunchang() -> Attention:
    from yunchang.kernels import AttnType
    from yunchang.ulysses import UlyssesAttention

    layer = UlyssesAttention(dist.group.WORLD, attn_type=AttnType.TORCH_MATH)
    layer.attn_fn = attention_of_heads
    return lambda q, k, v, causal, scale: layer(q, k, v, softmax_scale=scale, causal=causal)


yunchang = declared("yunchang-ulysses-local", "yunchang, UlyssesAttention around PyTorch's", "yunchang", of_yunchang)


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
