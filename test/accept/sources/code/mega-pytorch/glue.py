"""Mega's attention as lucidrains publishes it."""

from __future__ import annotations

from typing import Optional

import torch
from glue_parts import Given, shared
from published import Source

Tensor = torch.Tensor
source = Source("mega-pytorch").on_path()
_mega = source.take(
    "mega_pytorch/mega_pytorch.py", "SingleHeadedAttention", "LaplacianAttnFn", "T5RelativePositionBias", "OffsetScale", "default", "exists"
)


ROOTS = {"mu": 0.7071067811865476, "sigma": 0.28209479177387814}


@source.kernel("laplace", fixed=ROOTS, gradients=["q", "k", "v", "bias"])
def laplace(q: Tensor, k: Tensor, v: Tensor, bias: Optional[Tensor] = None):
    """Heads are batch entries. The layers that make queries, keys, values and biases are left out."""
    h = q.shape[1]
    q, k, v = (shared(x, q).flatten(0, 1) for x in (q, k, v))
    layer = _mega.SingleHeadedAttention(dim=1, dim_qk=q.shape[-1], dim_value=v.shape[-1], laplacian_attn_fn=True)
    layer.to_qk, layer.to_v = torch.nn.Identity(), Given(v)
    layer.offsetscale = Given((q, k))
    layer.rel_pos_bias = Given(q.new_zeros(()) if bias is None else bias.flatten(0, 1))
    return layer(v).unflatten(0, (-1, h))
