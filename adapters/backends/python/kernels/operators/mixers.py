"""Mixers of tokens without queries and keys."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, attention
from torch.nn.functional import silu


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


def averages(x, delta, alpha, beta, gamma):
    """Averages of the tokens x [b, n, a] so far, each of which keeps a part of itself; every channel has c of them."""
    p = torch.sigmoid(delta)
    state, rows = 0, []
    for token in x.unbind(1):
        state = (1 - p * torch.sigmoid(alpha)) * state + p * beta * token[..., None]
        rows.append((state * gamma).sum(-1) / gamma.shape[-1] ** 0.5)
    return torch.stack(rows, 1)


@kernel(operators=["mega"], **CLAIMS)
def mega(x, delta, alpha, beta, gamma, omega, wz, bz, gain, shift, wr, br, wu, bu, wx, bx, wv, bv, wo, table, causal=False, kind=0.0, directions=1.0, chunk=4.0):
    n = x.shape[1]
    moved = averages(x, delta[0], alpha[0], beta[0], gamma[0])
    if directions == 2:
        moved = moved + averages(x.flip(1), delta[1], alpha[1], beta[1], gamma[1]).flip(1)
    y = silu(moved + omega * x)
    z = silu(y @ wz + bz)
    q, k = z * gain[0] + shift[0], z * gain[1] + shift[1]
    at = torch.arange(n, device=x.device)
    seen = at // int(chunk) == at[:, None] // int(chunk)
    if causal:
        seen = seen & (at <= at[:, None])
    bias = table[at - at[:, None] + n - 1]
    if kind == 0:
        weights = torch.softmax((q @ k.mT * q.shape[-1] ** -0.5 + bias).masked_fill(~seen, -torch.inf), -1)
    else:
        s = q @ k.mT / seen.sum(-1, keepdim=True) + bias
        element = (1 + torch.erf((s - 0.707107) / (0.282095 * 2**0.5))) / 2 if kind == 1 else torch.relu(s) ** 2
        weights = element.masked_fill(~seen, 0)
    h = silu(y @ wx + bx + weights @ silu(x @ wv + bv) * silu(y @ wr + br) @ wo)
    return x + torch.sigmoid(y @ wu + bu) * (h - x)


@kernel(operators=["reground"], **CLAIMS)
def reground(x, ground, text, wq, wk, wv, wo, cq, ck, cv, co, gamma, scale=None, beta=1, parallel=1):
    def read(tokens, others, to_q, to_k, to_v, back):
        heads = attention(*(y[:, None] @ w for y, w in ((tokens, to_q), (others, to_k), (others, to_v))), None, False, scale)[0]
        return (heads @ back).sum(1)

    grounded = x + beta * torch.tanh(gamma) * read(x, torch.cat([x, ground], 1), wq, wk, wv, wo)
    return grounded + read(x if parallel else grounded, text, cq, ck, cv, co)
