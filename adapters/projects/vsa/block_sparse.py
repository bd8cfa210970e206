"""Video Sparse Attention: block_sparse_attn, blocks of 64 that are given.

https://github.com/hao-ai-lab/FastVideo, video_sparse_attention: q, k and v [b, h, n, d] in bfloat16 on CUDA, as many key heads as query heads; for
each block of queries the indices and the number of the blocks of keys that it sees, and the same for each block of keys.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Tuple

import torch
from attn_cts import Problem, kernel
from vsa import block_sparse_attn

BLOCK = 64
LARGEST = 4096
"""Largest block that is no multiple of its own among those that are drawn: none of them is claimed."""


def blocks(problem: Problem) -> Mapping[str, Any]:
    """The table of blocks; one of a larger block stands for several of its own."""
    table, of = problem.tensors["blocks"], problem.parameters["block"] // BLOCK
    seen = table.reshape(table.shape[-2:]).bool().repeat_interleave(of, 0).repeat_interleave(of, 1)
    own = problem.dims["n"] // BLOCK
    return {"seen": seen[:own, :own]}


def listed(seen: torch.Tensor, b: int, heads: int) -> Tuple[torch.Tensor, torch.Tensor]:
    """The places of each row that hold, ascending and first, and their number; int32 [b, heads, M, N] and [b, heads, M]."""
    order = (~seen).to(torch.int8).argsort(dim=-1, stable=True).int()
    return order.expand(b, heads, -1, -1).contiguous(), seen.sum(-1).int().expand(b, heads, -1).contiguous()


@kernel(
    id="vsa",
    title="Video Sparse Attention, block-sparse",
    framework="torch",
    device="cuda",
    dtypes=["bf16"],
    grouped=False,
    d=[64, 128],
    e="=d",
    m="=n",
    n={"multipleOf": BLOCK},
    masks={"block-sparse": blocks},
    excludes=[{"mask": {"name": "block-sparse", "parameters": {"block": block}}} for block in range(1, LARGEST) if block % BLOCK != 0],
    gradients=True,
)
def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, seen: Optional[torch.Tensor] = None) -> torch.Tensor:
    """o [b, h, n, d]."""
    b, heads, n, _ = q.shape
    if seen is None:
        seen = torch.ones(n // BLOCK, n // BLOCK, dtype=torch.bool, device=q.device)
    found = block_sparse_attn(q, k, v, *listed(seen, b, heads), *listed(seen.T, b, heads))
    return found[0] if isinstance(found, tuple) else found
