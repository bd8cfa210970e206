"""Attention over keys that are chosen by place or by content; no gradient reaches a choice."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, ahead, attention, pairs, shared, softmax, softplus, visible


def chosen(x, top):
    """Whether an element is among the `top` largest of the last axis; minus infinity never is."""
    best = x.topk(min(top, x.shape[-1]), -1).indices
    return torch.zeros_like(x, dtype=torch.bool).scatter(-1, best, True) & (x > -torch.inf)


@kernel(operators=["apb"], outputs=["o", "lse"], **{**CLAIMS, "gradients": ["q", "k", "v"]})
def apb(q, k, v, score, causal=True, scale=None, block=4, anchor=2, top=1):
    m, n = q.shape[2], k.shape[2]
    keys = torch.arange(n, device=k.device)
    rows = torch.arange(n - m, n, device=k.device)
    # each key's score in the row of its block
    blocks = torch.arange(-(-n // block), device=k.device)
    own = (keys // block == blocks[:, None]) & (keys >= anchor)
    passed = chosen(score[:, :, None].masked_fill(~own, -torch.inf), top).any(2)
    seen = shared(passed, q)[:, :, None] | (keys < anchor) | (torch.div(rows, block, rounding_mode="floor")[:, None] == keys // block)
    return attention(q, k, v, seen & (keys <= rows[:, None]), False, scale)


@kernel(operators=["dilated"], outputs=["o", "lse"], **CLAIMS)
def dilated(q, k, v, causal=False, scale=None, segment=4, ratio=2, levels=2):
    h, m, n = q.shape[1], q.shape[2], k.shape[2]
    head = torch.arange(h, device=q.device)[:, None, None]
    rows, keys = torch.arange(n - m, n, device=q.device)[:, None], torch.arange(n, device=q.device)
    count = torch.zeros(h, m, n, dtype=q.dtype, device=q.device)
    for size, stride in ((segment * ratio**level, ratio**level) for level in range(levels)):
        # the heads are in groups, of which each keeps another place of every stride
        place = head // -(-h // stride)
        kept = [(x % size % stride) == place for x in (rows, keys)]
        count = count + (kept[0] & kept[1] & (rows.div(size, rounding_mode="floor") == keys // size))
    scores = pairs(q, k, scale) + torch.log(count)
    weights, lse = softmax(scores, visible(scores, None, causal) & (count > 0))
    return weights @ shared(v, q), lse


@kernel(operators=["dma"], **CLAIMS)
def dma(q, k, v, a, wdt, mask=None, causal=False, scale=None, top=2048):
    step = softplus(torch.einsum("bgne,gec->bcn", v, wdt))
    scores = pairs(q, k, scale)
    seen = visible(scores, mask, causal)
    # pairs that are not seen get no exponential: one that overflows would have a gradient of 0 · inf
    bias = torch.exp(shared(a[:, None] * step, q)[:, :, None].expand_as(scores).masked_fill(~seen, 0))
    kept = chosen(bias.detach().masked_fill(~seen, -torch.inf), top)
    return softmax(scores + bias, kept)[0] @ shared(v, q)


@kernel(operators=["kinetics"], **CLAIMS)
def kinetics(q, k, v, scale=None, sinks=1, local=2, top=2):
    keys = torch.arange(k.shape[2], device=k.device)
    always = (keys < sinks) | (keys >= k.shape[2] - local)
    means = pairs(q, k).detach().unflatten(1, (k.shape[1], -1)).mean(2)
    seen = always | chosen(means.masked_fill(always, -torch.inf), top)
    return attention(q, k, v, shared(seen, q), False, scale)[0]


@kernel(operators=["video-infinity"], **CLAIMS)
def video_infinity(q, k, v, scale=None, context=24, clip=24, stride=12, count=16):
    scores = pairs(q, k, scale)
    offsets = ahead(scores)
    places = torch.arange(k.shape[2], device=k.device)
    everywhere = places % clip % stride == 0
    everywhere = everywhere & (torch.cumsum(everywhere, 0) <= count)
    near = offsets.abs() <= context
    # frames that do not exist are keys and values of zeros
    absent = (2 * context + 1 - near.sum(-1, keepdim=True)).to(scores.dtype)
    scores = torch.cat([scores + torch.log(near.to(scores.dtype) + everywhere), torch.log(absent).expand(*scores.shape[:3], 1)], -1)
    return torch.softmax(scores, -1)[..., :-1] @ shared(v, q)


@kernel(operators=["moba"], outputs=["o", "lse"], **CLAIMS)
def moba(q, k, v, causal=True, scale=None, block=4, top=3):
    m, n = q.shape[2], k.shape[2]
    own = torch.arange(n - m, n, device=q.device).div(block, rounding_mode="floor")[:, None]
    # those that are not full are never behind a query
    means = torch.stack([keys.mean(2) for keys in k.detach().split(block, 2)], 2)
    gates = pairs(q.detach(), means)
    earlier = torch.arange(means.shape[2], device=k.device) < own
    blocks = chosen(gates.masked_fill(~earlier, -torch.inf), top - 1) | (torch.arange(means.shape[2], device=k.device) == own)
    seen = blocks.repeat_interleave(block, -1)[..., :n]
    return attention(q, k, v, seen & visible(seen, None, True), False, scale)


@kernel(operators=["less-is-more"], outputs=["o", "o1"], **{**CLAIMS, "gradients": ["q", "k", "v", "q1", "k1", "v1"]})
def less_is_more(q, k, v, q1, k1, v1, scale=None, top=8, ratio=0.5):
    n = k.shape[2]
    size = min(n, top)
    count = int(size * ratio)
    last = size - count
    first = 4 if last >= 4 else 0
    last = last - first
    keys = torch.arange(n, device=k.device)
    kept = ((keys < first) | (keys >= n - last)).expand(q.shape[0], q.shape[2], n).clone()
    ranked = pairs(q1, k1).detach()[..., first : n - last].argsort(-1, descending=True) + first
    # rank by rank, and in each the heads in order
    for entry, row in ((b, i) for b in range(q.shape[0]) for i in range(q.shape[2])):
        listed = list(dict.fromkeys(ranked[entry, :, row].T.flatten().tolist()))
        kept[entry, row, listed[:count]] = True
    return attention(q, k, v, kept[:, None], False, scale)[0], attention(q1, k1, v1, None, False, scale)[0]


@kernel(operators=["all-to-key"], **CLAIMS)
def all_to_key(content, style, wq, wk, wv, wq2, wk2, wv2, w1, w2, alpha, beta, eps=1e-5):
    """Features [b, regions, places, f]; heads are the middle axis of the projections."""

    def normed(x):
        return (x - x.mean((1, 2), keepdim=True)) / torch.sqrt(x.var((1, 2), keepdim=True) + eps)

    def project(x, w):
        return torch.einsum("bxyf,fhd->bhxyd", x, w)

    q, k, v = project(normed(content), wq), project(normed(style), wk), project(style, wv)
    centres = k.mean(3, keepdim=True)
    like = torch.sigmoid(beta + alpha * (k * centres).sum(-1, keepdim=True))
    keys = ((like * k).sum(3) + centres[:, :, :, 0]) / (k.shape[3] + 1)
    values = ((like * v).sum(3) + v.mean(3)) / (k.shape[3] + 1)
    distributed = torch.softmax(torch.einsum("bhxyd,bhzd->bhxyz", q, keys), -1) @ values[:, :, None]
    q, k, v = project(normed(content), wq2), project(normed(style), wk2), project(style, wv2)
    nearest = torch.einsum("bhxyd,bhzyd->bhxz", q, k).argmax(-1)
    k, v = (torch.take_along_dim(x, nearest[..., None, None], 2) for x in (k, v))
    progressive = torch.softmax(q @ k.mT, -1) @ v
    return content + sum(torch.einsum("bhxye,hef->bxyf", o, w) for o, w in ((distributed, w1), (progressive, w2)))


@kernel(operators=["prob-sparse"], **{**CLAIMS, "gradients": ["q", "k", "v"]})
def prob_sparse(q, k, v, at, scale=None, top=2):
    sampled = torch.einsum("bhmd,bhmtd->bhmt", q, shared(k, q)[:, :, at.long()])
    far = sampled.amax(-1) - sampled.sum(-1) / k.shape[2]
    best = far.detach().topk(min(top, q.shape[2]), -1).indices[..., None]
    even = v.mean(2, keepdim=True)
    read = torch.softmax(pairs(q, k, scale), -1) @ shared(v, q)
    chosen = torch.zeros_like(far, dtype=torch.bool)[..., None].scatter(2, best, True)
    return torch.where(chosen, read, shared(even, q))


@kernel(operators=["mosa"], **CLAIMS)
def mosa(q, k, v, router, causal=True, scale=None, top=3, first=0):
    n = k.shape[2]
    rank = router.detach().clone()
    if first:
        rank[..., 0] = torch.inf
    picked = torch.zeros_like(rank, dtype=torch.bool).scatter(-1, rank.topk(min(top, n), -1).indices, True)
    seen = picked[:, :, None] & visible(pairs(q, k), None, True)
    # a row that is not picked sees itself in place of nothing, whose softmax is NaN
    alone = torch.eye(n, dtype=torch.bool, device=q.device) & ~picked[..., None]
    weights = torch.softmax(pairs(q, k, scale).masked_fill(~(seen | alone), -torch.inf), -1)
    return torch.sigmoid(router)[..., None] * torch.where(picked[..., None], weights @ v, 0)


@kernel(operators=["delta-attention"], **CLAIMS)
def delta_attention(q, k, v, causal=True, scale=None, stretch=2, sink=1, window=2, tail=1):
    scores = pairs(q, k, scale)
    away, rows = -ahead(scores), torch.arange(q.shape[2], device=q.device)
    near = (away >= 0) & ((away < window) | (rows < sink))
    sparse, dense = (softmax(scores, seen)[0] @ shared(v, q) for seen in (near, away >= 0))
    first = rows // stretch * stretch
    moved = sparse + (dense - sparse)[:, :, first]
    last = rows >= len(rows) - len(rows) % stretch - max(tail, stretch)
    return torch.where(last[:, None], dense, moved)
