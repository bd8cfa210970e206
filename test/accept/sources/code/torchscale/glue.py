"""Retention of its authors' package."""

from __future__ import annotations

import types
from typing import Optional

import torch
from published import Source

Tensor = torch.Tensor
source = Source("torchscale")
_retention = source.take("torchscale/component/multiscale_retention.py", "MultiScaleRetention").MultiScaleRetention


@source.kernel("retention", outputs=["o", "state"], gradients=True)
def retention(q: Tensor, k: Tensor, v: Tensor, decay: Tensor, initial: Optional[Tensor] = None, scale: Optional[float] = None):
    """One call for each token. The state is divided by the root of the sum of a head's weights, which is taken back here."""
    (b, h, n, d), (hk, e) = q.shape, (v.shape[1], v.shape[-1])
    g, scale = h // hk, d**-0.5 if scale is None else scale
    layer = types.SimpleNamespace(num_heads=h, head_dim=e)
    kept = torch.exp(decay).repeat_interleave(g)
    begun = torch.zeros(b, hk, d, e) if initial is None else initial
    past = {"prev_key_value": begun.mT.repeat_interleave(g, 1), "scale": torch.ones(h)}
    keys, values = (x.repeat_interleave(g, 1) for x in (k * scale, v))
    past["prev_key_value"] = past["prev_key_value"] * scale
    rows = []
    for t in range(n):
        asked, held, value = q[:, :, t, None], keys[:, :, t, None], values[:, :, t].flatten(1)
        row = _retention.recurrent_forward(layer, asked, held, value, kept, past)
        rows.append(row * past["scale"].sqrt()[:, None])
    state = past["prev_key_value"] * past["scale"].sqrt()[:, None, None] / scale
    return torch.stack(rows, 2), state[:, ::g].mT
