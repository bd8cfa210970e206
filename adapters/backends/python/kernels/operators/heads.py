"""How heads share, mix, gate or choose their queries, keys and values."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, attention, pairs, rotated, shared, softmax, visible

WITH_LSE = {**CLAIMS, "outputs": ["o", "lse"]}


@kernel(operators=["efficient-heads"], **WITH_LSE)
def efficient_heads(q, x, mask=None, causal=False, scale=None):
    x = x.transpose(1, 2)
    return attention(q, x, x, mask, causal, scale)


@kernel(operators=["efficient-probing"], **WITH_LSE)
def efficient_probing(q, k, v, mask=None, causal=False, scale=None):
    scores = pairs(q.expand(k.shape[0], -1, -1, -1), k, scale)
    weights, lse = softmax(scores, visible(scores, mask, causal))
    return torch.einsum("bhmn,bhmne->bhme", weights, v), lse


@kernel(operators=["gated-heads"], **CLAIMS)
def gated_heads(q, k, v, gate, mask=None, causal=False, scale=None):
    return gate[:, None, None] * attention(q, k, v, mask, causal, scale)[0]


@kernel(operators=["mfa"], **WITH_LSE)
def mfa(q, wq, k, v, mask=None, causal=False, scale=None, eps=1e-6):
    q = q * torch.rsqrt((q * q).mean(-1, keepdim=True) + eps)
    return attention(torch.einsum("bmr,grd->bgmd", q, wq), k[:, None], v[:, None], mask, causal, scale)


@kernel(operators=["mfa-rope"], **{**WITH_LSE, "gradients": ["q", "wq", "k", "v"]})
def mfa_rope(q, wq, k, v, qcos, qsin, kcos, ksin, mask=None, causal=False, scale=None, eps=1e-6):
    q = q * torch.rsqrt((q * q).mean(-1, keepdim=True) + eps)
    heads = rotated(torch.einsum("bmr,grd->bgmd", q, wq), qcos, qsin)
    return attention(heads, rotated(k, kcos, ksin)[:, None], v[:, None], mask, causal, scale)


@kernel(operators=["mhe-additive"], **WITH_LSE)
def mhe_additive(q, k, v, eq, ek, ev, mask=None, causal=False, scale=None):
    q, k, v = (x[:, None] + embedding[:, None] for x, embedding in ((q, eq), (k, ek), (v, ev)))
    return attention(q, k, v, mask, causal, scale)


@kernel(operators=["mhe-multiplicative"], **WITH_LSE)
def mhe_multiplicative(q, k, v, eq, ek, ev, mask=None, causal=False, scale=None):
    q, k, v = (x[:, None] * (1 + embedding[:, None]) for x, embedding in ((q, eq), (k, ek), (v, ev)))
    return attention(q, k, v, mask, causal, scale)


@kernel(operators=["moh"], **CLAIMS)
def moh(q, k, v, router, balance, mask=None, causal=False, scale=None, shared=1, top=2):
    heads = router.shape[2]
    alike = min(shared, heads)
    routed = torch.softmax(router[..., alike:], -1)
    best = routed.topk(min(top, heads - alike), -1)
    chosen = best.values.shape[-1] * best.values / best.values.sum(-1, keepdim=True)
    gates = [alike * torch.softmax(router[..., :alike], -1), torch.zeros_like(routed).scatter(-1, best.indices, chosen)]
    if 0 < alike < heads:
        gates = [gate * kind for gate, kind in zip(gates, (2 * torch.softmax(balance, -1)).split(1, -1))]
    return torch.cat(gates, -1).mT[..., None] * attention(q, k, v, mask, causal, scale)[0]


@kernel(operators=["optimised-attention"], **WITH_LSE)
def optimised_attention(q, k, x, mask=None, causal=False, scale=None):
    return attention(q, k, x.transpose(1, 2), mask, causal, scale)


@kernel(operators=["sha-rnn"], **WITH_LSE)
def sha_rnn(q, k, v, qs, ks, f, c, mask=None, causal=False, scale=None, eps=1e-6):
    q = torch.layer_norm(q, q.shape[-1:], eps=eps) * torch.sigmoid(qs)
    k, v = k * torch.sigmoid(ks), v * torch.sigmoid(f) * torch.tanh(c)
    return attention(q[:, None], k[:, None], v[:, None], mask, causal, scale)


@kernel(operators=["shared-attention"], **CLAIMS)
def shared_attention(q, k, v, mask=None, causal=False, scale=None):
    scores = pairs(q, k, scale)
    weights, _ = softmax(scores, visible(scores, mask, causal))
    return torch.stack([weights @ shared(layer, q) for layer in v.unbind(1)], 1)


@kernel(operators=["super-attention"], **CLAIMS)
def super_attention(q, k, x, w, shift, mask=None, causal=False, scale=None):
    return attention(q, k, w @ x.transpose(1, 2) + shift[:, None], mask, causal, scale)[0]


@kernel(operators=["talking-heads"], **CLAIMS)
def talking_heads(q, k, v, before, after, mask=None, causal=False, scale=None):
    scores = torch.einsum("bamn,ah->bhmn", pairs(q, k, scale), before)
    weights, _ = softmax(scores, visible(scores, mask, causal))
    return torch.einsum("bhmn,hc,bcne->bcme", weights, after, v)[:, :, None]


@kernel(operators=["key-driven-gqa"], **{**WITH_LSE, "gradients": ["q", "k", "v"]})
def key_driven_gqa(q, k, v, group, mask=None, causal=False, scale=None):
    return attention(q, k[:, group.long()], v[:, group.long()], mask, causal, scale)
