"""Attention of positions."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, ahead, attention, pairs, rotated, shared, softmax


@kernel(operators=["positional-attention"], outputs=["o", "lse"], **CLAIMS)
def positional_attention(q, k, v, mask=None, causal=False, scale=None):
    q, k = (x.expand(v.shape[0], -1, -1, -1) for x in (q, k))
    return attention(q, k, v, mask, causal, scale)


@kernel(operators=["string-rope"], outputs=["o", "lse"], **{**CLAIMS, "gradients": ["q", "k", "v"]})
def string_rope(q, k, v, freq, causal=True, scale=None, shift=4, window=1, factor=1, twice=0):
    """Two kinds of keys for a query, beside one another: near ones, and far ones, for which the query is moved back."""
    away = -ahead(pairs(q, k))
    places = torch.arange(k.shape[2], device=q.device).to(freq.dtype)
    at = places[-1] + torch.arange(1 - q.shape[2], 1, device=q.device).to(freq.dtype)

    def turned(x, positions):
        angle = positions[:, None] * freq
        return factor * rotated(x, torch.cos(angle), torch.sin(angle))

    scores = [pairs(turned(q, moved), turned(k, places), scale) for moved in (at, at - shift + window)]
    seen = [(away >= 0) & (away < shift + twice), away >= shift]
    weights, lse = softmax(torch.cat(scores, -1), torch.cat(seen, -1))
    return weights @ shared(torch.cat([v, v], 2), q), lse
