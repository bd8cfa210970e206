"""Attention on what a cache keeps in place of keys and values."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, attention


@kernel(operators=["mla"], outputs=["o", "lse"], **CLAIMS)
def mla(q, qp, c, kp, wk, wv, mask=None, causal=False, scale=None):
    """Not absorbed: keys and values of every head are multiplied out of the latent vectors."""
    keys = torch.einsum("bnr,hdr->bhnd", c, wk)
    values = torch.einsum("bnr,hre->bhne", c, wv)
    keys = torch.cat([keys, kp[:, None].expand(-1, keys.shape[1], -1, -1)], -1)
    return attention(torch.cat([q, qp], -1), keys, values, mask, causal, scale)
