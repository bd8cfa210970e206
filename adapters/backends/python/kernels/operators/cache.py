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


def turned(x, cos, sin):
    """Rotary embedding whose pairs are neighbouring channels."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cos - odd * sin, odd * cos + even * sin], -1).flatten(-2)


@kernel(operators=["mla-rope"], outputs=["o", "lse"], **{**CLAIMS, "gradients": ["q", "qp", "c", "kp", "wk", "wv"]})
def mla_rope(q, qp, c, kp, wk, wv, qcos, qsin, kcos, ksin, mask=None, causal=False, scale=None):
    return mla(q, turned(qp, qcos, qsin), c, turned(kp, kcos, ksin), wk, wv, mask, causal, scale)


@kernel(operators=["mla-absorbed"], outputs=["o", "lse"], **CLAIMS)
def mla_absorbed(q, k, problem, mask=None, causal=False, scale=None):
    """One row [b, n, t] for all heads, of which the first numbers are its value."""
    return attention(q, k[:, None], k[:, None, :, : problem.dims["c"]], mask, causal, scale)


# no gradient reaches a scale
STORED = {**CLAIMS, "outputs": ["o", "lse"], "gradients": ["q", "k", "v"]}


@kernel(operators=["scaled-cache-by-head"], **STORED)
def scaled_cache_by_head(q, k, v, keyScale, valueScale, mask=None, causal=False, scale=None):
    return attention(q, k * keyScale[:, None, None], v * valueScale[:, None, None], mask, causal, scale)


@kernel(operators=["scaled-cache-by-token"], **STORED)
def scaled_cache_by_token(q, k, v, keyScale, valueScale, mask=None, causal=False, scale=None):
    return attention(q, k * keyScale[:, None, :, None], v * valueScale[:, None, :, None], mask, causal, scale)


@kernel(operators=["scaled-cache-by-token-and-head"], **STORED)
def scaled_cache_by_token_and_head(q, k, v, keyScale, valueScale, mask=None, causal=False, scale=None):
    return attention(q, k * keyScale[..., None], v * valueScale[..., None], mask, causal, scale)


@kernel(operators=["logquant"], outputs=["o", "lse"], **{**CLAIMS, "gradients": ["q"]})
def logquant(q, k, v, mask=None, causal=False, scale=None, bits=2, group=64, window=64):
    older, newest = [], list(range(k.shape[2]))
    while len(older) + len(newest) >= 3 * window:
        every = older + newest
        older, newest = every[: 2 * window : 2], every[2 * window :]
    whole = torch.zeros(k.shape[2], 1, dtype=torch.bool, device=k.device)
    whole[older + newest] = True

    def stored(x):
        return torch.where(whole, x, torch.cat([coded(part) for part in x.split(group, -1)], -1))

    def coded(x):
        least, largest = x.aminmax(dim=-1, keepdim=True)
        step = (largest - least) / (2**bits - 1)
        divisor = step.masked_fill(step == 0, 1)
        zero = torch.round(-least / divisor)
        codes = (torch.round(x / divisor) + zero).clamp(0, 2**bits - 1)
        return torch.where(step == 0, x, step * (codes - zero))

    return attention(q, stored(k), stored(v), mask, causal, scale)
