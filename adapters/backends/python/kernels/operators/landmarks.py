"""Attention by way of landmarks: means of segments, or slots that are means of all tokens."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, pairs, shared


def means(x, count):
    """Means of `count` segments [b, h, n, d], the shorter ones first; no more than there are tokens."""
    n = x.shape[2]
    count = min(count, n)
    short = n // count
    few = (short + 1) * count - n
    return torch.stack([part.mean(2) for part in x.split([short] * few + [short + 1] * (count - few), 2)], 2)


def inverse(a, steps):
    """Approximates the pseudo-inverse, with one first guess for all heads and batch entries."""
    one = torch.eye(a.shape[-1], dtype=a.dtype, device=a.device)
    z = a.mT / a.sum(-2).max()
    for _ in range(int(steps)):
        az = a @ z
        z = z @ (13 * one - az @ (15 * one - az @ (7 * one - az))) / 4
    return z


@kernel(operators=["nystrom"], **CLAIMS)
def nystrom(q, k, v, scale=None, landmarks=4, steps=6):
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    if q.shape[2] <= landmarks:
        return torch.softmax(pairs(q, k, scale), -1) @ shared(v, q)
    few, keys = means(q, landmarks), means(k, landmarks)
    near, middle, far = (torch.softmax(pairs(x, y, scale), -1) for x, y in ((q, keys), (few, keys), (few, k)))
    return near @ inverse(middle, steps) @ (far @ shared(v, q))


@kernel(operators=["lara"], **{**CLAIMS, "gradients": ["q", "k", "v"]})
def lara(q, k, v, noise=None, landmarks=4):
    k, v = shared(k, q), shared(v, q)
    centres = means(q, landmarks) + means(k, landmarks)
    directions = centres if noise is None else centres + noise

    def logs(x):
        """How well each direction fits tokens [b, h, c, n]."""
        return q.shape[-1] ** -0.5 * (directions @ x.mT - (x**2).sum(-1)[:, :, None] / 2)

    kept = torch.softmax(logs(k), -1) @ v
    own = logs(centres).diagonal(dim1=-2, dim2=-1)[..., None]
    ratio = pairs(centres, q, None) + logs(q) + torch.logsumexp(logs(k), -1, keepdim=True) - own
    return torch.softmax(ratio, 2).mT @ kept


@kernel(operators=["long-short"], **CLAIMS)
def long_short(q, k, v, slots, gain, shift, scale=None, window=4, eps=1e-5):
    share = torch.softmax(slots, 2).mT

    def compressed(x):
        rows = share @ x
        return torch.layer_norm(rows.transpose(1, 2), gain.shape, gain, shift, eps).transpose(1, 2)

    scores = torch.cat([pairs(q, k, scale), pairs(q, compressed(k), scale)], -1)
    places = torch.arange(k.shape[2], device=q.device)
    first, beside = places[:, None] // window * window, max(window // 2, 1)
    near = (places >= first - beside) & (places < first + window + beside)
    seen = torch.cat([near, torch.ones(len(places), slots.shape[-1], dtype=torch.bool, device=q.device)], -1)
    return torch.softmax(scores.masked_fill(~seen, -torch.inf), -1) @ shared(torch.cat([v, compressed(v)], 2), q)
