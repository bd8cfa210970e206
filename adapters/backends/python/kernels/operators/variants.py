"""Attention of given, equal or cosine weights."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, ahead, attention, pairs, shared, softmax, visible


@kernel(operators=["cosine-attention"], outputs=["o", "lse"], **CLAIMS)
def cosine_attention(q, k, v, mask=None, causal=False, beta=10.0, eps=1e-6):
    q, k = (x / torch.sqrt((x * x).sum(-1, keepdim=True) + eps) for x in (q, k))
    return attention(q, k, v, mask, causal, beta)


def of_heads(weights, v):
    """Weights [b, h, m, n] on the values of the key heads [b, hk, n, e]."""
    return weights @ v.repeat_interleave(weights.shape[-3] // v.shape[1], 1)


@kernel(operators=["fixed-weights"], **CLAIMS)
def fixed_weights(w, v):
    return of_heads(w, v)


@kernel(operators=["static-attention"], outputs=["o", "lse"], **CLAIMS)
def static_attention(scores, v, mask=None, causal=False):
    scores = scores.expand(v.shape[0], -1, -1, -1)
    weights, lse = softmax(scores, visible(scores, mask, causal))
    return of_heads(weights, v), lse


@kernel(operators=["uniform-causal"], **CLAIMS)
def uniform_causal(v):
    return torch.cumsum(v, 2) / torch.arange(1, v.shape[2] + 1, dtype=v.dtype, device=v.device)[:, None]


@kernel(operators=["weight-distances"], outputs=["o", "distance", "influence"], **CLAIMS)
def weight_distances(q, k, v, causal=True, scale=None, window=10, nearest=10, farthest=50):
    scores = pairs(q, k, scale)
    weights, _ = softmax(scores, visible(scores, None, True))
    away = -ahead(scores)
    later = ((away >= nearest) & (away <= farthest)).to(q.dtype)
    influence = (weights * later).sum(2) / later.sum(0).clamp(min=1)
    return weights @ shared(v, q), (weights * away.clamp(max=window)).sum(-1), influence


@kernel(operators=["rollout"], **CLAIMS)
def rollout(a):
    """Weights [b, l, n, n] of l layers."""
    one = torch.eye(a.shape[-1], dtype=a.dtype, device=a.device)
    total = one.expand(a.shape[0], -1, -1)
    for layer in (a + one).unbind(1):
        total = layer / layer.sum(-1, keepdim=True) @ total
    return total
