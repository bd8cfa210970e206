"""Attention of positions."""

from __future__ import annotations

from attn_cts import kernel
from lib import CLAIMS, attention


@kernel(operators=["positional-attention"], outputs=["o", "lse"], **CLAIMS)
def positional_attention(q, k, v, mask=None, causal=False, scale=None):
    q, k = (x.expand(v.shape[0], -1, -1, -1) for x in (q, k))
    return attention(q, k, v, mask, causal, scale)
