"""Mixers of tokens without queries and keys."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, attention


@kernel(operators=["context-broadcasting"], **CLAIMS)
def context_broadcasting(v):
    return (v + v.mean(2, keepdim=True)) / 2


def before(x):
    """Each token's predecessor in x [b, n, a]; that of the first is 0."""
    return torch.cat([torch.zeros_like(x[:, :1]), x[:, :-1]], 1)


@kernel(operators=["yuan-lfa"], **CLAIMS)
def yuan_lfa(x, w, bias, u, shift, gain, wq, wk, wv, causal=True, scale=None, eps=1e-6):
    h = before(x) @ w[0] + x @ w[1] + bias
    y = x + before(h) @ u[0] + h @ u[1] + shift
    y = gain * y * torch.rsqrt((y * y).mean(-1, keepdim=True) + eps)
    q, k, v = (tokens[:, None] @ projection for tokens, projection in ((y, wq), (y, wk), (x, wv)))
    return attention(q, k, v, None, True, scale)[0]


@kernel(operators=["reground"], **CLAIMS)
def reground(x, ground, text, wq, wk, wv, wo, cq, ck, cv, co, gamma, scale=None, beta=1, parallel=1):
    def read(tokens, others, to_q, to_k, to_v, back):
        heads = attention(*(y[:, None] @ w for y, w in ((tokens, to_q), (others, to_k), (others, to_v))), None, False, scale)[0]
        return (heads @ back).sum(1)

    grounded = x + beta * torch.tanh(gamma) * read(x, torch.cat([x, ground], 1), wq, wk, wv, wo)
    return grounded + read(x if parallel else grounded, text, cq, ck, cv, co)
