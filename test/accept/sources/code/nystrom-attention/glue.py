"""Nyström attention as lucidrains publishes it."""

from __future__ import annotations

from typing import Optional

import torch
from glue_parts import shared
from published import Source

Tensor = torch.Tensor
source = Source("nystrom-attention").on_path()
_layer = source.module("nystrom_attention/nystrom_attention.py").NystromAttention


# segments are of one length there; with as many tokens as landmarks or fewer the document has a softmax
@source.kernel("nystrom", e="=d", n={"min": 12, "multipleOf": 12}, gradients=True)
def nystrom(q: Tensor, k: Tensor, v: Tensor, scale: Optional[float] = None, landmarks: int = 4, steps: int = 6):
    h, n, d = q.shape[1:]
    layer = _layer(1, d, h, int(landmarks), int(steps), residual=False)
    layer.scale = d**-0.5 if scale is None else scale
    flat = [shared(x, q).transpose(1, 2).flatten(2) for x in (q, k, v)]
    layer.to_qkv, layer.to_out = torch.nn.Identity(), torch.nn.Identity()
    return layer(torch.cat(flat, -1)).unflatten(2, (h, d)).transpose(1, 2)
