"""Linear attention by features of queries and keys, beside those of linear.py."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, pairs, rotated, shared


@kernel(operators=["cosformer"], **CLAIMS)
def cosformer(q, k, v, eps=1e-6):
    rows, keys = (torch.arange(x.shape[2], dtype=q.dtype, device=q.device) for x in (q, k))
    near = torch.cos(torch.pi / 2 * (rows[:, None] - keys) / max(len(rows), len(keys)))
    weights = pairs(torch.relu(q), torch.relu(k)) * near
    return weights @ shared(v, q) / weights.sum(-1, keepdim=True).clamp(min=eps)


@kernel(operators=["lln"], **CLAIMS)
def lln(q, k, v, eps=1e-8):
    spread_q, spread_k = (x.detach().std() for x in (q, k))
    spread = torch.sqrt((spread_q**2 * spread_k**2 + 0.35487039130661086) / (2 * 0.14855178144710912))
    q, k = spread / spread_q * q, spread / spread_k * k
    weights = pairs(torch.exp(q - q.amax(-1, keepdim=True)), torch.exp(k - k.amax((2, 3), keepdim=True)))
    return weights @ shared(v, q) / (weights.sum(-1, keepdim=True) + eps)


@kernel(operators=["molformer"], **{**CLAIMS, "gradients": ["q", "k", "v", "w"]})
def molformer(q, k, v, qcos, qsin, kcos, ksin, w, eps=1e-6):
    weights = pairs(torch.relu(rotated(q, qcos, qsin) @ w), torch.relu(rotated(k, kcos, ksin) @ w))
    return weights @ shared(v, q) / (weights.sum(-1, keepdim=True) + eps)


def products(x):
    """Both signs of x apart, times themselves one, two and three places on."""
    y = torch.cat([torch.relu(x), torch.relu(-x)], -1)
    return torch.cat([y * y.roll(places, -1) for places in (1, 2, 3)], -1)


@kernel(operators=["armt"], outputs=["o", "memoryAfter", "normAfter"], **CLAIMS)
def armt(h, x, wq, wk, wv, wb, memory, norm):
    """Tokens h [b, m, d] read a memory [b, f, e]; the tokens x [b, t, d] write to it, each as it was before."""

    def total(features):
        return torch.einsum("btf,bf->bt", features, norm)[..., None] + 1e-5

    reads, writes = products(h @ wq), products(x @ wk)
    news = x @ wv - writes @ memory / total(writes)
    added = writes.mT @ (torch.sigmoid(x @ wb)[..., None] * news)
    fresh = (1 - total(writes) / ((writes**2).sum(-1, keepdim=True) + 1e-5)).clamp(0, 1).detach()
    return (reads @ memory / total(reads))[:, None], memory + added, norm + (fresh * writes).sum(1)


@kernel(operators=["performer"], **{**CLAIMS, "gradients": ["q", "k", "v"]})
def performer(q, k, v, omega, eps=1e-4, least=0.1):
    def features(x, directions, over):
        x = x * x.shape[-1] ** -0.25
        along = x @ directions.mT
        raised = along - (x**2).sum(-1, keepdim=True) / 2 - along.amax(over, keepdim=True)
        return omega.shape[1] ** -0.5 * (torch.exp(raised) + eps)

    weights = pairs(features(q, shared(omega[None], q), -1), features(k, omega, (-2, -1)))
    return weights @ shared(v, q) / weights.sum(-1, keepdim=True).clamp(min=least)
