"""MagiAttention's kernel on one device: flex_flash_attn_func (FFA).

https://sandai-org.github.io/MagiAttention/docs: tokens first, q [m, hk*g, d], k and v [n, hk, d] in float16 or bfloat16 on Hopper. A mask is slices:
ranges of queries and of keys, int32 [slices, 2], each full (0), causal (1), inverse causal (2) or both (3), aligned at the bottom right.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Tuple

import torch
from attn_cts import Problem, kernel
from magi_attention.api import flex_flash_attn_func

FULL, CAUSAL = 0, 1
Slice = Tuple[Tuple[int, int], Tuple[int, int], int]


def slices(problem: Problem, every: Sequence[Slice]) -> Mapping[str, Any]:
    device = problem.tensors["q"].device
    queries, keys, kinds = zip(*every)
    return {name: torch.tensor(values, dtype=torch.int32, device=device) for name, values in (("queries", queries), ("keys", keys), ("kinds", kinds))}


def causal(problem: Problem) -> Mapping[str, Any]:
    return slices(problem, [((0, problem.dims["m"]), (0, problem.dims["n"]), CAUSAL)])


def spans(problem: Problem) -> Sequence[Tuple[int, int]]:
    """Each document's first token and the token after its last; empty ones are left out."""
    ends = torch.tensor(problem.parameters["lengths"]).cumsum(0).tolist()
    return [(start, end) for start, end in zip([0] + ends, ends) if start < end]


def documents(kind: int):
    return lambda problem: slices(problem, [(span, span, kind) for span in spans(problem)])


def prefix_document(problem: Problem) -> Mapping[str, Any]:
    """The rows of a prefix see it whole, and those after it are causal: aligned at the bottom right, they see the prefix too."""
    every = []
    for start, end in spans(problem):
        edge = min(end, start + problem.parameters["prefix"])
        every.append(((start, edge), (start, edge), FULL))
        if edge < end:
            every.append(((edge, end), (start, end), CAUSAL))
    return slices(problem, every)


@kernel(
    id="flex-flash-attn",
    title="MagiAttention's flex_flash_attn_func (FFA)",
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    b=1,
    d=[64, 128],
    e="=d",
    masks={
        "causal": causal,
        "document": documents(FULL),
        "document-causal": documents(CAUSAL),
        "prefix-document": prefix_document,
    },
    gradients=True,
)
def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    scale: Optional[float] = None,
    queries: Optional[torch.Tensor] = None,
    keys: Optional[torch.Tensor] = None,
    kinds: Optional[torch.Tensor] = None,
) -> torch.Tensor:
    """o [1, m, hk*g, d]."""
    if queries is None:
        queries, keys = (torch.tensor([[0, t.size(1)]], dtype=torch.int32, device=q.device) for t in (q, k))
    o, *_ = flex_flash_attn_func(q[0], k[0], v[0], queries, keys, kinds, softmax_scale=scale)
    return o[None]
