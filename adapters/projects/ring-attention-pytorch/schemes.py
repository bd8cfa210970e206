"""ring-attention-pytorch (https://github.com/lucidrains/ring-attention-pytorch, MIT): its forms without CUDA.

ring_flash_attn: q [b, n, hk*g, d], k and v [b, n, hk, d] of this rank's tokens, contiguous or striped, in buckets; query head x reads key head
x % hk; a single rank would send to itself, which gloo does not. zig_zag_attn: chunks r and 2P - 1 - r, keys and values gathered. tree_attn_decode: one query, forward alone.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Tuple

import torch
import torch.distributed as dist
from attn_cts import Problem, Unsupported, kernel, scheme, shard, unshard
from ring_attention_pytorch.ring_flash_attention import ring_flash_attn
from ring_attention_pytorch.tree_attn_decoding import tree_attn_decode
from ring_attention_pytorch.zig_zag_attention import zig_zag_attn, zig_zag_pad_seq, zig_zag_shard
from versions import version_of

Tensor = torch.Tensor

HEADS = {"heads": "tiled", "maskedNaN": "leaks"}
CLAIMS: Mapping[str, Any] = dict(
    version=version_of("ring-attention-pytorch"),
    framework="torch",
    device="cpu",
    layout="blhd",
    m="=n",
    e="=d",
    gradients=True,
    dialect=HEADS,
)
PADDED = {"full": {}, "causal": {"causal": True}, "padding": lambda problem: {"key_mask": keys(problem)}}

NO_LOOKBACKS = [{"mask": {"name": "sliding-window"}, "where": ["or", ["<", "left", 1], ["not", ["=", "right", 0]]]}]
"""Windows that are none: unbounded, of the query's own token alone, or ahead."""


def keys(problem: Problem) -> Tensor:
    """bool [b, n]: the keys that padding leaves."""
    lengths, n = problem.tensors["lengths"], problem.dims["n"]
    place = torch.arange(n)
    if problem.parameters["side"] == "left":
        place = n - 1 - place
    return place[None, :] < lengths[:, None]


def bucket(tokens: int) -> int:
    """Two buckets of each rank's tokens where they are even: the inner loop of the ring takes part."""
    return tokens // 2 if tokens % 2 == 0 else tokens


def options(softcap: Optional[float]) -> Mapping[str, Any]:
    return {} if softcap is None else {"softclamp_qk_sim": True, "softclamp_value": float(softcap)}


def striped(x: Tensor, size: int) -> Tensor:
    """Order of the tokens of RingAttention with striped_ring_attn, for buckets of a size."""
    return x.unflatten(1, (size, -1)).transpose(1, 2).flatten(1, 2)


def unstriped(x: Tensor, size: int) -> Tensor:
    return x.unflatten(1, (-1, size)).transpose(1, 2).flatten(1, 2)


@kernel(id="ring-attention-pytorch-local", title="ring-attention-pytorch, one rank", masks=PADDED, **CLAIMS)
def local(
    q: Tensor, k: Tensor, v: Tensor, key_mask: Optional[Tensor] = None, causal: bool = False, softcap: Optional[float] = None
) -> Tensor:
    return ring_flash_attn(q, k, v, key_mask, causal=causal, bucket_size=bucket(q.shape[1]), **options(softcap))


@scheme(id="ring-attention-pytorch-ring", title="ring-attention-pytorch, ring", worlds=[2, 3, 4], masks=PADDED, **CLAIMS)
def ring(
    q: Tensor, k: Tensor, v: Tensor, key_mask: Optional[Tensor] = None, causal: bool = False, softcap: Optional[float] = None
) -> Tensor:
    own = [shard(x, 1) for x in (q, k, v)]
    mask = None if key_mask is None else shard(key_mask, 1)
    size = bucket(own[0].shape[1])
    return unshard(ring_flash_attn(*own, mask, causal=causal, bucket_size=size, ring_reduce_col=True, **options(softcap)), 1)


@scheme(
    id="ring-attention-pytorch-lookback",
    title="ring-attention-pytorch, ring with max_lookback_seq_len",
    worlds=[2, 3, 4],
    masks={"sliding-window": lambda problem: {"window": (problem.parameters["left"], problem.parameters["right"])}},
    excludes=[{"mask": {"name": "full"}}, *NO_LOOKBACKS],
    **CLAIMS,
)
def lookback(q: Tensor, k: Tensor, v: Tensor, window: Tuple[int, int] = (-1, 0)) -> Tensor:
    """In buckets of one token, so that a window of buckets is one of tokens."""
    left, right = window
    if right != 0 or left < 1:
        raise Unsupported(f"a lookback is causal and of one token or more: window {left}, {right}")
    own = [shard(x, 1) for x in (q, k, v)]
    return unshard(ring_flash_attn(*own, None, causal=True, bucket_size=1, ring_reduce_col=True, max_lookback_seq_len=left), 1)


@scheme(
    id="ring-attention-pytorch-striped",
    title="ring-attention-pytorch, striped ring",
    worlds=[2, 3, 4],
    masks={"causal": {"causal": True}},
    excludes=[{"mask": {"name": "full"}}],
    **CLAIMS,
)
def stripes(q: Tensor, k: Tensor, v: Tensor, causal: bool = True, softcap: Optional[float] = None) -> Tensor:
    tokens, ranks = q.shape[1], dist.get_world_size()
    if tokens % ranks != 0:
        raise Unsupported(f"the number of tokens, {tokens}, is no multiple of {ranks}")
    size = bucket(tokens // ranks)
    own = [shard(striped(x, size), 1) for x in (q, k, v)]
    o = ring_flash_attn(*own, causal=True, bucket_size=size, ring_reduce_col=True, striped_ring_attn=True, **options(softcap))
    return unstriped(unshard(o, 1), size)


@scheme(
    id="ring-attention-pytorch-zigzag",
    title="ring-attention-pytorch, zigzag",
    worlds=[1, 2, 3, 4],
    masks={"causal": {"causal": True}},
    **{**CLAIMS, "layout": "bhld"},
)
def zigzag(q: Tensor, k: Tensor, v: Tensor, causal: bool = False) -> Tensor:
    def own(x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        return zig_zag_shard(zig_zag_pad_seq(x)[0])[0]

    (q_own, at, kv_at), (k_own, *_), (v_own, *_) = own(q), own(k), own(v)
    seen = (kv_at < q.shape[2]).expand(len(at), -1)
    o = zig_zag_attn(q_own, k_own, v_own, attn_mask=seen & (at[:, None] >= kv_at) if causal else seen)
    return unshard(o, 2, zigzag=True)[:, :, : q.shape[2]]


@scheme(
    id="ring-attention-pytorch-tree",
    title="ring-attention-pytorch, tree decoding",
    worlds=[1, 2, 3, 4],
    masks={},
    grouped=False,
    **{**CLAIMS, "layout": "bhld", "m": 1, "e": None, "gradients": False, "dialect": {"maskedNaN": "leaks"}},
)
def tree(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return tree_attn_decode(q, k, v)
