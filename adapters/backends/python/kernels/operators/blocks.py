"""Attention on blocks of keys, as a list or their means choose them; no gradient reaches a choice."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, attention, pairs, shared, softmax, visible
from sparse import chosen


@kernel(operators=["nsa"], **{**CLAIMS, "gradients": ["q", "k", "v", "compressed", "selected", "local"]})
def nsa(q, k, v, at, compressed, selected, local, causal=True, scale=None, block=4, window=4):
    """Places [b, hk, m, t] of blocks of keys; one that two slots name counts twice. Gates are [b, h, m]."""
    last = torch.arange(k.shape[2] - q.shape[2], k.shape[2], device=k.device)[:, None]
    keys = torch.arange(k.shape[2], device=k.device)
    kinds = compression(q, k, v, last, scale, block)[0], listed(q, k, v, at, last, scale, block), attention(q, k, v, (keys <= last) & (keys > last - window), False, scale)[0]
    return sum(gate[..., None].to(o.dtype) * o for gate, o in zip((compressed, selected, local), kinds))


def compression(q, k, v, last, scale, block):
    """Attention on the means of the blocks that lie before the place of each query [m, 1], and its weights."""
    full = k.shape[2] // block
    means = [x[:, :, : full * block].unflatten(2, (full, block)).mean(3) for x in (k, v)]
    ends = (torch.arange(full, device=k.device) + 1) * block - 1
    weights = softmax(pairs(q, means[0], q.shape[-1] ** -0.5 if scale is None else scale), ends <= last)[0]
    return weights @ shared(means[1], q), weights


def listed(q, k, v, at, last, scale, block):
    """Attention on every key of every block that is listed."""
    places = (at.long()[..., None] * block + torch.arange(block, device=k.device)).flatten(3)
    there = (places >= 0) & (places < k.shape[2]) & (places <= last)
    places = shared(places.clamp(0, k.shape[2] - 1), q)
    keys, values = (torch.take_along_dim(shared(x, q)[:, :, None], places[..., None], 3) for x in (k, v))
    scores = torch.einsum("bhmd,bhmtd->bhmt", q, keys) * (q.shape[-1] ** -0.5 if scale is None else scale)
    return torch.einsum("bhmt,bhmte->bhme", softmax(scores, shared(there, q))[0], values)


@kernel(operators=["nsa-selection"], **CLAIMS)
def nsa_selection(q, k, v, compressed, selected, local, causal=True, scale=None, block=4, window=4, top=4):
    last = torch.arange(k.shape[2] - q.shape[2], k.shape[2], device=k.device)[:, None]
    keys = torch.arange(k.shape[2], device=k.device)
    first, weights = compression(q, k, v, last, scale, block)
    means = weights.detach().unflatten(1, (k.shape[1], -1)).mean(2)
    # the last block may lack keys, and has no mean then
    blocks = torch.arange(-(-k.shape[2] // block), device=k.device)
    own = last.div(block, rounding_mode="floor")
    rank = torch.nn.functional.pad(means, (0, len(blocks) - means.shape[-1]))
    rank = rank.masked_fill((blocks == 0) | (blocks == own) | (blocks == own - 1), 2).masked_fill(blocks > own, -torch.inf)
    kept = shared(chosen(rank, top), q).repeat_interleave(block, -1)[..., : k.shape[2]]
    second = attention(q, k, v, kept & (keys <= last), False, scale)[0]
    third = attention(q, k, v, (keys <= last) & (keys > last - window), False, scale)[0]
    return sum(gate[..., None].to(o.dtype) * o for gate, o in zip((compressed, selected, local), (first, second, third)))


def blocked(x, block):
    """Tokens [b, h, n, ...] in blocks [b, h, c, block, ...], the last filled with zeros."""
    missing = -x.shape[2] % block
    filled = torch.cat([x, x.new_zeros(*x.shape[:2], missing, *x.shape[3:])], 2)
    return filled.unflatten(2, (-1, block))


def by_block(weights, block, ends):
    """Sums of weights [b, h, m, n] over blocks of queries and blocks of keys; for the mean over keys, divided by the keys of each."""
    sums = blocked(blocked(weights, block).sum(3).mT, block).sum(3).mT
    return sums / blocked(ends, block).sum(3)


def tokens(chart, rows, block, m, n):
    """What holds of blocks, of the tokens in them."""
    return chart.repeat_interleave(rows, 2)[:, :, :m].repeat_interleave(block, 3)[..., :n]


@kernel(operators=["sparge"], outputs=["o", "map"], **{**CLAIMS, "gradients": ["q", "k", "v"]})
def sparge(q, k, v, causal=False, scale=None, rows=4, block=2, similar=0.6, share=0.98):
    m, n = q.shape[2], k.shape[2]

    def pooled(x, size):
        counts = blocked(torch.ones_like(x[..., :1]), size).sum(3)
        units = blocked(x / x.norm(dim=-1, keepdim=True), size)
        alike = (units @ units.mT).sum((-1, -2))[..., None] / counts**2 > similar
        return blocked(x, size).sum(3) / counts, alike[..., 0]

    (q_means, q_alike), (k_means, k_alike) = pooled(q.detach(), rows), pooled(k.detach(), block)
    scores = pairs(q_means, k_means, q.shape[-1] ** -0.5 if scale is None else scale)
    x, c = torch.arange(scores.shape[2], device=q.device)[:, None], torch.arange(scores.shape[3], device=q.device)
    sight = c * block < (x + 1) * rows if causal else c >= 0
    k_alike = shared(k_alike, q)[:, :, None]
    weights, _ = softmax(scores, sight & k_alike)
    ordered, places = weights.sort(-1, descending=True)
    within = ordered.cumsum(-1) <= share
    within[..., 0] = True
    kept = torch.zeros_like(within).scatter(-1, places, within) & k_alike
    chart = sight & (kept | ~k_alike | ~q_alike[..., None])
    seen = tokens(chart, rows, block, m, n) & visible(pairs(q, k), None, causal)
    return attention(q, k, v, seen, False, scale)[0], chart.to(q.dtype)


@kernel(operators=["sparsed"], outputs=["o", "lse", "map"], names={"mapQ": "map_q", "mapK": "map_k"}, **{**CLAIMS, "gradients": ["q", "k", "v"]})
def sparsed(q, k, v, map_q, map_k, scale=None, mapScale=None, block=2, ratio=0.25, recent=4):
    m, n = q.shape[2], k.shape[2]
    logits = pairs(map_q, map_k, mapScale)
    starts = torch.arange(-(-n // block), device=q.device) * block
    new = (starts >= n - recent) | (starts == starts[-1])
    # a short last block counts as a whole one
    ones = q.new_ones(1, 1, len(starts) * block)
    count, of_new = (int(blocks * ratio) + 1 for blocks in (len(starts), int(new.sum())))
    every = by_block(softmax(logits, torch.ones_like(logits, dtype=torch.bool))[0], block, ones)
    newest = by_block(softmax(logits, new.repeat_interleave(block)[:n].expand_as(logits))[0], block, ones)
    chart = (chosen(every, count) & ~new) | chosen(newest.masked_fill(~new, -torch.inf), of_new)
    o, lse = attention(q, k, v, tokens(chart, block, block, m, n), False, scale)
    return o, lse, chart.to(q.dtype)
