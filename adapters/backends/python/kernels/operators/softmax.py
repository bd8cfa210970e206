"""Softmax attention, and what puts norms or a second softmax on it."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, ahead, attention, pairs, shared, softmax as weigh, visible

NORMED = {**CLAIMS, "outputs": ["o", "lse"]}


@kernel(operators=["softmax"], outputs=["o", "lse"], **{**CLAIMS, "gradients": ["q", "k", "v", "bias", "alibi", "sink", "dlse"]})
def softmax(q, k, v, mask=None, causal=False, scale=None, softcap=None, bias=None, alibi=None, sink=None):
    scores = pairs(q, k, scale)
    if softcap is not None:
        scores = softcap * torch.tanh(scores / softcap)
    if alibi is not None:
        scores = scores + alibi[:, None, None] * ahead(scores)
    if bias is not None:
        scores = scores + bias
    weights, lse = weigh(scores, visible(scores, mask, causal), sink)
    return weights @ shared(v, q), lse


@kernel(operators=["differential"], names={"lambda": "share"}, **CLAIMS)
def differential(q, k, q2, k2, v, share, mask=None, causal=False, scale=None):
    first, second = (weigh(s, visible(s, mask, causal))[0] for s in (pairs(q, k, scale), pairs(q2, k2, scale)))
    return (first - share[:, None, None] * second) @ shared(v, q)


@kernel(operators=["qk-norm"], **NORMED)
def qk_norm(q, k, v, gain, mask=None, causal=False, eps=1e-6):
    q, k = (x / torch.sqrt((x * x).sum(-1, keepdim=True) + eps) for x in (q, k))
    return attention(gain[:, None, None] * q, k, v, mask, causal, 1.0)


@kernel(operators=["qk-rms-norm"], **NORMED)
def qk_rms_norm(q, k, v, gq, gk, mask=None, causal=False, scale=None, eps=1e-6):
    q, k = (gain * x * torch.rsqrt((x * x).mean(-1, keepdim=True) + eps) for x, gain in ((q, gq), (k, gk)))
    return attention(q, k, v, mask, causal, scale)


@kernel(operators=["dropout"], **{**NORMED, "gradients": ["q", "k", "v"]})
def dropout(q, k, v, keep, mask=None, causal=False, scale=None, rate=0.5):
    scores = pairs(q, k, scale)
    weights, lse = weigh(scores, visible(scores, mask, causal))
    return weights * keep / (1 - rate) @ shared(v, q), lse


@kernel(operators=["gated-output"], **NORMED)
def gated_output(q, k, v, z, mask=None, causal=False, scale=None):
    o, lse = attention(q, k, v, mask, causal, scale)
    return torch.sigmoid(z) * o, lse


@kernel(operators=["gated-output-by-head"], **NORMED)
def gated_output_by_head(q, k, v, z, mask=None, causal=False, scale=None):
    o, lse = attention(q, k, v, mask, causal, scale)
    return torch.sigmoid(z)[..., None] * o, lse


@kernel(operators=["tree-attention"], **{**NORMED, "gradients": ["q", "k", "v"]})
def tree_attention(q, k, v, tree, scale=None):
    return attention(q, k, v, tree[:, None], False, scale)


@kernel(operators=["tree-parents"], outputs=["o", "lse"], **{**CLAIMS, "gradients": ["q", "k", "v"]})
def tree_parents(q, k, v, parent, scale=None):
    """Parents [b, m] of the drafts, whose keys are the last m; minus one is a root."""
    b, m = parent.shape
    start = k.shape[2] - m
    seen = torch.zeros(b, 1, m, k.shape[2], dtype=torch.bool, device=q.device)
    seen[..., : max(start, 0)] = True
    for entry, parents in enumerate(parent.tolist()):
        for draft in range(m):
            node = draft
            while node >= 0:
                if start + node >= 0:
                    seen[entry, 0, draft, start + node] = True
                node = parents[node]
    return attention(q, k, v, seen, False, scale)
