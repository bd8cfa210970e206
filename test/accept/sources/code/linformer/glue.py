"""Linformer's layer as lucidrains publishes it."""

from __future__ import annotations

import torch
from glue_parts import Given
from published import Source

Tensor = torch.Tensor
source = Source("linformer")
_layer = source.take("linformer/linformer.py", "LinformerSelfAttention", "default", "init_").LinformerSelfAttention


def merged(x: Tensor, heads: int) -> Tensor:
    """[b, hk, n, d] as [b, n, heads · d]."""
    return x.repeat_interleave(heads // x.shape[1], 1).transpose(1, 2).flatten(2)


@source.kernel("linformer", e="=d", gradients=True)
def linformer(q: Tensor, k: Tensor, v: Tensor, keyProjection: Tensor, valueProjection: Tensor):
    h, m, d = q.shape[1:]
    # what it would multiply with is not made
    with torch.device("meta"):
        layer = _layer(h * d, k.shape[2], keyProjection.shape[1], h, d)
    layer.to_q, layer.to_k, layer.to_v = Given(merged(q, h)), Given(merged(k, h)), Given(merged(v, h))
    layer.to_out = torch.nn.Identity()
    given = {"proj_k": keyProjection, "proj_v": valueProjection}
    o = torch.func.functional_call(layer, given, (merged(q, h), merged(k, h)))
    return o.unflatten(2, (h, d)).transpose(1, 2)
