"""Attention whose cost is linear in the tokens, as states that are summed over them where it is causal."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, attention, pairs, shared, visible
from torch.nn.functional import elu


def phi(x):
    """elu + 1, which is x + 1 or exp(x). Its derivative at 0 is 1: that of a clamp is 0 there since PyTorch 2.15, or before."""
    return torch.where(x > 0, x + 1, torch.exp(torch.where(x > 0, 0, x)))


@kernel(operators=["abc"], **CLAIMS)
def abc(q, k, v, s, mask=None, causal=False, scale=None):
    """Scores s [b, hk, n, r] of tokens for slots."""
    every = pairs(q, k)
    seen = visible(every, mask, causal).expand_as(every)[:, :, :, None]
    slots = torch.softmax(shared(s, q).mT[:, :, None].masked_fill(~seen, -torch.inf), -1).masked_fill(~seen, 0)
    keys, values = (slots @ shared(x, q)[:, :, None] for x in (k, v))
    scores = (keys @ q[..., None])[..., 0] * (q.shape[-1] ** -0.5 if scale is None else scale)
    return (torch.softmax(scores, -1)[:, :, :, None] @ values)[:, :, :, 0]


@kernel(operators=["abc-cab"], **CLAIMS)
def abc_cab(q, k, v, wk, wv, scale=None):
    keys, values = (torch.softmax(x @ w, 2).mT @ x for x, w in ((k, wk), (v, wv)))
    return attention(q, keys, values, None, False, scale)[0]


@kernel(operators=["agent"], **{**CLAIMS, "gradients": ["q", "k", "v", "agents", "keyBias", "agentBias"]})
def agent(q, k, v, agents, keyBias=None, agentBias=None, scale=None):
    read, _ = attention(agents, k, v, None, False, scale, 0.0 if keyBias is None else keyBias)
    return attention(q, agents, read, None, False, scale, 0.0 if agentBias is None else agentBias)[0]


@kernel(operators=["diag-attention"], outputs=["o", "lse"], **CLAIMS)
def diag_attention(q, k, v, mask=None, causal=False, scale=None, chunk=4):
    block = torch.arange(k.shape[2], device=k.device) // chunk
    seen = visible(pairs(q, k), mask, causal) & (block[:, None] == block)
    return attention(q, k, v, seen.expand(q.shape[0], q.shape[1], -1, -1), False, scale)


@kernel(operators=["efficient"], **CLAIMS)
def efficient(q, k, v):
    return torch.softmax(q, -1) @ shared(torch.softmax(k, 2).mT @ v, q)


def normalised(weights, seen, v, q):
    """Values by weights over their sum. A row without keys is NaN, and no gradient comes from it."""
    weights = weights.masked_fill(~seen, 0)
    none = ~seen.any(-1, keepdim=True)
    return (weights @ shared(v, q) / weights.sum(-1, keepdim=True).masked_fill(none, 1)).masked_fill(none, torch.nan)


@kernel(operators=["fastmax-1"], **CLAIMS)
def fastmax_1(q, k, v, mask=None, causal=False, denum=1.0):
    x = pairs(q, k) / denum
    return normalised(1 + x, visible(x, mask, causal), v, q)


@kernel(operators=["fastmax-2"], **CLAIMS)
def fastmax_2(q, k, v, mask=None, causal=False, denum=1.0):
    x = pairs(q, k) / denum
    return normalised(1 + x + x * x / 2, visible(x, mask, causal), v, q)


@kernel(operators=["linear"], **CLAIMS)
def linear(q, k, v, eps=1e-6):
    q, k = phi(q), phi(k)
    return q @ shared(k.mT @ v, q) / (q @ shared(k.sum(2), q)[..., None] + eps)


@kernel(operators=["linear-causal"], **CLAIMS)
def linear_causal(q, k, v, eps=1e-6):
    q, k = phi(q), phi(k)
    states = shared(torch.cumsum(torch.einsum("bhnd,bhne->bhnde", k, v), 2), q)
    norms = shared(torch.cumsum(k, 2), q)
    return torch.einsum("bhnd,bhnde->bhne", q, states) / ((q * norms).sum(-1, keepdim=True) + eps)


def recurrent(q, k, v, keep, state):
    """Token by token: the state [b, hk, d, e] is multiplied by `keep` [hk], takes the token in, and is read. Gives o and the last state."""
    rows = []
    for i in range(k.shape[2]):
        state = keep[:, None, None] * state + k[:, :, i, :, None] * v[:, :, i, None, :]
        rows.append(torch.einsum("bhd,bhde->bhe", q[:, :, i], shared(state, q)))
    return torch.stack(rows, 2), state


def empty(k, v):
    return k.new_zeros(*k.shape[:2], k.shape[3], v.shape[3])


def kept(decay, k):
    """What is kept of a state from one token to the next, by key head."""
    return k.new_ones(k.shape[1]) if decay is None else torch.exp(-decay)


@kernel(operators=["linear-decay"], **{**CLAIMS, "gradients": ["q", "k", "v", "decay"]})
def linear_decay(q, k, v, decay=None):
    return recurrent(q, k, v, kept(decay, k), empty(k, v))[0]


@kernel(operators=["linear-softmax"], outputs=["o", "lse"], **{**CLAIMS, "gradients": ["q", "k", "v", "decay"]})
def linear_softmax(q, k, v, causal=True, decay=None, scale=None):
    values, _ = recurrent(k, k, v, kept(decay, k), empty(k, v))
    return attention(q, k, values, None, True, scale)


@kernel(operators=["linformer"], **CLAIMS)
def linformer(q, k, v, keyProjection, valueProjection, scale=None):
    return attention(q, keyProjection.mT @ k, valueProjection.mT @ v, None, False, scale)[0]


@kernel(operators=["norm-attention"], **CLAIMS)
def norm_attention(q, k, v, mask=None, causal=False, eps=1e-8):
    weights = pairs(phi(q), phi(k))
    u = weights.masked_fill(~visible(weights, mask, causal), 0) @ shared(v, q)
    # of a vector of zeros the norm has a gradient of 0
    length = torch.linalg.vector_norm(u, dim=(1, 3), keepdim=True)
    return u / (length / (u.shape[1] * u.shape[3]) ** 0.5 + eps)


@kernel(operators=["retention"], outputs=["o", "state"], **{**CLAIMS, "gradients": ["q", "k", "v", "decay", "initial"]})
def retention(q, k, v, decay, initial=None, scale=None):
    o, state = recurrent(q, k, v, torch.exp(decay), empty(k, v) if initial is None else initial)
    return (q.shape[3] ** -0.5 if scale is None else scale) * o, state


def whole_norm(u, gain, shift, rms, eps, normEps):
    """Norm of u [b, h, m, e] over heads and channels: a layer norm, or by the root mean square."""
    if rms == 1:
        # the gradient of this norm is 0 where it is 0
        size = torch.linalg.vector_norm(u, dim=(1, 3), keepdim=True)
        return u / (size * (u.shape[1] * u.shape[3]) ** -0.5 + eps)
    level = u - u.mean((1, 3), keepdim=True)
    return level * torch.rsqrt((level * level).mean((1, 3), keepdim=True) + normEps) * gain[:, None] + shift[:, None]


@kernel(operators=["transnormer-norm"], **CLAIMS)
def transnormer_norm(q, k, v, gain, shift, mask=None, causal=False, rms=1.0, eps=1e-8, normEps=1e-5):
    weights = pairs(elu(q), elu(k))
    weights = weights.masked_fill(~visible(weights, mask, causal), 0)
    return whole_norm(weights @ shared(v, q), gain, shift, rms, eps, normEps)


@kernel(operators=["transnormer-diag"], **CLAIMS)
def transnormer_diag(q, k, v, gain, shift, mask=None, causal=False, scale=None, chunk=64.0, rms=1.0, eps=1e-8, normEps=1e-5):
    scores = pairs(q, k, scale)
    block = torch.arange(k.shape[2], device=q.device) // int(chunk)
    weights = torch.relu(scores).masked_fill(~(visible(scores, mask, causal) & (block == block[:, None])), 0)
    return whole_norm(weights @ shared(v, q), gain, shift, rms, eps, normEps)
