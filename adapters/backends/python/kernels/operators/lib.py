"""What the operators of this folder share. Scores and weights are [b, h, m, n] of h query heads, m queries and n keys."""

from __future__ import annotations

from typing import Optional, Tuple

import torch

Tensor = torch.Tensor
Option = Optional[float]

# a hidden value is multiplied with a weight of 0
CLAIMS = {"framework": "torch", "dtypes": ["f32", "f64"], "gradients": True, "dialect": {"maskedNaN": "leaks"}}

torch.set_num_threads(min(2, torch.get_num_threads()))


def shared(x: Tensor, q: Tensor) -> Tensor:
    """Key heads [b, hk, ...] as query heads [b, h, ...]: each is repeated for the h / hk heads of q beside one another."""
    return x.repeat_interleave(q.shape[1] // x.shape[1], 1)


def visible(scores: Tensor, mask: Optional[Tensor], causal: bool) -> Tensor:
    """Whether a query sees a key: [b, h, m, n], or [m, n] where all heads agree. Of causal masks the last query sees every key."""
    if mask is not None:
        return mask
    m, n = scores.shape[-2:]
    return torch.ones(m, n, dtype=torch.bool, device=scores.device).tril(n - m if causal else n)


def softmax(scores: Tensor, seen: Tensor, sink: Optional[Tensor] = None) -> Tuple[Tensor, Tensor]:
    """Weights, and their LSE [b, h, m], over the keys that are seen; of none, weights of 0 and minus infinity.

    A sink [h] is the score of one more key, which all see and whose value is 0.
    """
    if sink is not None:
        column = sink[:, None, None].expand(*scores.shape[:3], 1)
        seen = torch.cat([seen.expand_as(scores), torch.ones_like(column, dtype=torch.bool)], -1)
        weights, lse = softmax(torch.cat([scores, column], -1), seen)
        return weights[..., :-1], lse
    hidden = scores.masked_fill(~seen, -torch.inf)
    return torch.softmax(hidden, -1).masked_fill(~seen, 0), torch.logsumexp(hidden, -1)


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], causal: bool, scale: Option, bias: float | Tensor = 0.0) -> Tuple[Tensor, Tensor]:
    """Softmax attention of q [b, h, m, d] on k [b, hk, n, d] and v [b, hk, n, e]: o [b, h, m, e] and the LSE."""
    scores = pairs(q, k, scale) + bias
    weights, lse = softmax(scores, visible(scores, mask, causal))
    return weights @ shared(v, q), lse


def pairs(q: Tensor, k: Tensor, scale: Option = 1.0) -> Tensor:
    """Products of every query and key, times a scale that by default is 1 / √d."""
    return (q.shape[-1] ** -0.5 if scale is None else scale) * (q @ shared(k, q).mT)


def rotated(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary embedding whose pairs are the two halves of the channels."""
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


def ahead(scores: Tensor) -> Tensor:
    """How far each key lies after each query [m, n], the last query being level with the last key."""
    rows, keys = (torch.arange(size, device=scores.device) for size in scores.shape[-2:])
    return (keys - (rows + len(keys) - len(rows))[:, None]).to(scores.dtype)


def softplus(x: Tensor) -> Tensor:
    """log(1 + exp(x)). That of torch.nn.functional is x above 20, which in float64 is off by up to 2e-9."""
    return torch.logaddexp(x, torch.zeros_like(x))
