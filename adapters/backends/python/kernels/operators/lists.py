"""Attention over the places that a list names, and the making of such lists. A slot that names no place is empty."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, attention, pairs, shared, softmax, visible

LISTED = {**CLAIMS, "outputs": ["o", "lse"], "gradients": ["q", "k", "v"]}


@kernel(operators=["gathered"], **{**LISTED, "gradients": ["q", "k", "v", "sink"]})
def gathered(q, k, v, at, mask=None, causal=False, scale=None, duplicates=1, sink=None, length=None):
    """Places [b, hk, m, t] of keys; one that two slots name counts twice, or once. A length [b, m] is the number of slots that count."""
    at = shared(at, q).long()
    there = (at >= 0) & (at < k.shape[2])
    if length is not None:
        there &= torch.arange(at.shape[3]) < length[:, None, :, None]
    if not duplicates:
        same = at[..., None] == at[..., None, :]
        there &= ~same.tril(-1).any(-1)
    at = at.clamp(0, k.shape[2] - 1)
    # [b, h, m, n, ...] taken at [b, h, m, t]
    keys, values = (torch.take_along_dim(shared(x, q)[:, :, None], at[..., None], 3) for x in (k, v))
    scores = torch.einsum("bhmd,bhmtd->bhmt", q, keys) * (q.shape[-1] ** -0.5 if scale is None else scale)
    every = visible(pairs(q, k), mask, causal).expand(*q.shape[:3], k.shape[2])
    weights, lse = softmax(scores, there & every.gather(3, at), sink)
    return torch.einsum("bhmt,bhmte->bhme", weights, values), lse


@kernel(operators=["block-lists"], **LISTED)
def block_lists(q, k, v, at, mask=None, causal=False, scale=None, block=4, duplicates=0):
    """Places [b, hk, m, t] of blocks of keys; one that two slots name counts once, or twice."""
    own = torch.arange(k.shape[2], device=k.device) // block
    named = shared((at[..., None] == own).sum(3), q)
    times = torch.log(named.clamp(min=1).to(q.dtype)) if duplicates else 0.0
    return attention(q, k, v, (named > 0) & visible(pairs(q, k), mask, causal), False, scale, times)


@kernel(operators=["lightning-indexer"], outputs=["o", "chosen"], **CLAIMS)
def lightning_indexer(q, k, w, mask=None, causal=False, top=2):
    """Scores [b, m, n] of all heads of q [b, m, t, d] together, and the places of the largest [b, m, top], -1 where there are fewer."""
    scores = torch.einsum("bmtn,bmt->bmn", torch.relu(torch.einsum("bmtd,bnd->bmtn", q, k)), w)
    seen = visible(scores, None if mask is None else mask[:, 0], causal)
    best = scores.detach().masked_fill(~seen, -torch.inf).topk(min(top, k.shape[1]), -1)
    places = best.indices.masked_fill(best.values == -torch.inf, -1)
    chosen = torch.nn.functional.pad(places, (0, top - places.shape[-1]), value=-1)
    return scores.masked_fill(~seen, 0), chosen.to(torch.int32)
