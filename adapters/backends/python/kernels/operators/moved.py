"""Softmax weights of which a part is moved from sinks to other keys, in proportion to the weights of these."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, pairs, shared, softmax, visible

NO_FLAGS = {**CLAIMS, "gradients": ["q", "k", "v"]}


def portions(weights):
    """Of each row, what each key has of their sum; of a row of zeros, zeros. No gradient reaches them."""
    weights = weights.detach()
    total = weights.sum(-1, keepdim=True)
    return weights / total.masked_fill(total == 0, 1)


@kernel(operators=["act"], **NO_FLAGS)
def act(q, k, v, calibrated, causal=True, scale=None, beta=0.4, threshold=None):
    scores = pairs(q, k, scale)
    weights, _ = softmax(scores, visible(scores, None, True))
    n = k.shape[2]
    mass = weights.sum(2) / torch.arange(n, 0, -1, dtype=q.dtype, device=q.device)
    heavy = mass > (5 / n if threshold is None else threshold)
    # all but the first of them
    sinks = (heavy & (heavy.cumsum(-1) > 1) & calibrated[:, None])[:, :, None]
    freed = (1 - beta) * weights.masked_fill(~sinks, 0).sum(-1, keepdim=True)
    return (torch.where(sinks, beta * weights, weights) + freed * portions(weights.masked_fill(sinks, 0))) @ shared(v, q)


@kernel(operators=["var"], **NO_FLAGS)
def var(q, k, v, image, sinks, asks, mask=None, causal=False, scale=None, keep=0.6, rho=0.5, least=0.2):
    scores = pairs(q, k, scale)
    weights, _ = softmax(scores, visible(scores, mask, causal))

    def sum_over(keys, x):
        return x.masked_fill(~keys[:, None, None], 0).sum(-1, keepdim=True)

    seen, drawn = sum_over(image, weights), sum_over(image & sinks, weights)
    edited = asks[:, None, :, None] & (image & sinks).any(-1)[:, None, None, None] & (seen >= least) & (drawn <= rho * sum_over(image, weights + 1e-6))
    freed = (1 - keep) * sum_over(sinks, weights).detach()
    plain = portions(weights.masked_fill(~(image & ~sinks)[:, None, None], 0))
    moved = torch.where(sinks[:, None, None], keep * weights, weights) + freed * plain
    return torch.where(edited, moved, weights) @ shared(v, q)
