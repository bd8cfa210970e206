"""Performer's features and linear attention as lucidrains publishes them."""

from __future__ import annotations

import torch
from published import Source

Tensor = torch.Tensor
source = Source("performer-pytorch").on_path()
_functions = source.take("performer_pytorch/performer_pytorch.py", "softmax_kernel", "linear_attention")


@source.kernel("performer", fixed={"least": 0})
def performer(q: Tensor, k: Tensor, v: Tensor, omega: Tensor, eps: float = 1e-4):
    """One call for each key head and its queries, since there all heads have the same directions."""
    groups = q.shape[1] // k.shape[1]
    rows = []
    for i, directions in enumerate(omega):
        own = q[:, i * groups : (i + 1) * groups]
        asked = _functions.softmax_kernel(own, projection_matrix=directions, is_query=True, eps=eps)
        held = _functions.softmax_kernel(k[:, i : i + 1], projection_matrix=directions, is_query=False, eps=eps)
        rows.append(_functions.linear_attention(asked, *(x.expand(-1, groups, -1, -1) for x in (held, v[:, i : i + 1]))))
    return torch.cat(rows, 1)
