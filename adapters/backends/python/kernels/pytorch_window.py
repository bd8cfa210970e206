"""Sliding windows in PyTorch, a block of queries at a time with the keys that it sees: memory that grows with the length, whatever the length.

scaled_dot_product_attention takes a window as a dense mask, of 16 GiB at 131,072 tokens. q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; query i stands at
key i + n - m and sees `left` keys before it and `right` after it, -1 for all.
"""

from __future__ import annotations

import math
from typing import Any, Iterator, Mapping, Optional, Tuple

import torch
from attn_cts import Problem, kernel

Tensor = torch.Tensor
Window = Tuple[int, int]

torch.set_num_threads(min(2, torch.get_num_threads()))

BLOCK = 256
"""Queries of a block."""


def blocks(m: int, n: int, window: Window) -> Iterator[Tuple[slice, slice]]:
    """Blocks of queries, each with the keys that some of its queries see."""
    left, right = window
    for first in range(0, m, BLOCK):
        end = min(first + BLOCK, m)
        start = 0 if left < 0 else max(0, first + n - m - left)
        stop = n if right < 0 else min(n, end + n - m + right)
        yield slice(first, end), slice(min(start, n), max(start, stop))


def scores(q: Tensor, k: Tensor, rows: slice, keys: slice, window: Window, scale: float) -> Tensor:
    """Scores [b, hk, g, rows, keys] in float32 or float64, -inf where a key is not seen."""
    left, right = window
    own = torch.einsum("bhgid,bhjd->bhgij", wide(q[..., rows, :]), wide(k[..., keys, :])) * scale
    at = torch.arange(rows.start, rows.stop, device=q.device)[:, None] + k.size(-2) - q.size(-2)
    key = torch.arange(keys.start, keys.stop, device=q.device)
    seen = torch.ones_like(own[0, 0, 0], dtype=torch.bool)
    if left >= 0:
        seen &= key >= at - left
    if right >= 0:
        seen &= key <= at + right
    return own.masked_fill(~seen, -math.inf)


def wide(t: Tensor) -> Tensor:
    return t if t.dtype == torch.float64 else t.float()


def by_heads(q: Tensor, k: Tensor) -> Tensor:
    """Queries [b, hk, g, m, d]."""
    return q.unflatten(1, (k.size(1), q.size(1) // k.size(1)))


def window_backward(
    q: Tensor, k: Tensor, v: Tensor, do: Tensor, o: Tensor, lse: Tensor, window_size: Window = (-1, -1), scale: Optional[float] = None
) -> Tuple[Tensor, Tensor, Tensor]:
    """dq, dk, dv: each block of queries adds to the gradients of its keys, in float32 or float64."""
    scale = 1 / math.sqrt(q.size(-1)) if scale is None else scale
    queries, outputs, cotangents, sums = (by_heads(t, k) for t in (q, o, do, lse))
    dq = torch.empty_like(queries)
    dk, dv = torch.zeros_like(wide(k)), torch.zeros_like(wide(v))
    for rows, keys in blocks(q.size(-2), k.size(-2), window_size):
        own = sums[..., rows, None]
        p = torch.exp(scores(queries, k, rows, keys, window_size, scale) - torch.where(own == -math.inf, 0.0, own))
        g = wide(cotangents[..., rows, :])
        delta = (g * wide(outputs[..., rows, :])).sum(-1, keepdim=True)
        ds = p * (torch.einsum("bhgie,bhje->bhgij", g, wide(v[..., keys, :])) - delta) * scale
        dq[..., rows, :] = torch.einsum("bhgij,bhjd->bhgid", ds, wide(k[..., keys, :])).to(q.dtype)
        dk[..., keys, :] += torch.einsum("bhgij,bhgid->bhjd", ds, wide(queries[..., rows, :]))
        dv[..., keys, :] += torch.einsum("bhgij,bhgie->bhje", p, g)
    return dq.flatten(1, 2), dk.to(k.dtype), dv.to(v.dtype)


HALF = {"accumulate": "f32", "probabilities": "accumulate", "scoreGradients": "accumulate"}


def ends(problem: Problem) -> Mapping[str, Any]:
    return {"window_size": (problem.parameters["left"], problem.parameters["right"])}


@kernel(
    id="pytorch-window",
    title="PyTorch, windows by blocks of queries",
    version=torch.__version__,
    framework="torch",
    dtypes=["f32", "f64", "f16", "bf16"],
    masks={"sliding-window": ends, "causal": {"window_size": (-1, 0)}},
    outputs=["o", "lse"],
    gradients=True,
    backward=window_backward,
    strided=True,
    numeric={"f32": {"accumulate": "f32"}, "f64": {"accumulate": "f64"}, "f16": HALF, "bf16": HALF},
    m={"max": 2**20},
    n={"max": 2**20},
)
def window(q: Tensor, k: Tensor, v: Tensor, window_size: Window = (-1, -1), scale: Optional[float] = None) -> Tuple[Tensor, Tensor]:
    """o, and lse [b, h, m] in float32, or float64 for float64."""
    scale = 1 / math.sqrt(q.size(-1)) if scale is None else scale
    queries = by_heads(q, k)
    o = q.new_zeros((*queries.shape[:-1], v.size(-1)))
    lse = torch.full_like(wide(queries[..., 0]), -math.inf)
    for rows, keys in blocks(q.size(-2), k.size(-2), window_size):
        own = scores(queries, k, rows, keys, window_size, scale)
        if own.size(-1) == 0:
            continue
        most = own.amax(-1, keepdim=True)
        # a query that sees no key has an output of zeros
        p = torch.exp(own - most.masked_fill(most == -math.inf, 0.0))
        total = p.sum(-1, keepdim=True)
        lse[..., rows] = (most + torch.log(total)).squeeze(-1)
        sums = torch.einsum("bhgij,bhje->bhgie", p, wide(v[..., keys, :]))
        o[..., rows, :] = (sums / total.masked_fill(total == 0, 1.0)).to(q.dtype)
    return o.flatten(1, 2), lse.flatten(1, 2)
