"""Gated recurrences and delta rules, token by token. A state is [b, h, d, e], and that of Mamba-2 [b, h, e, d]."""

from __future__ import annotations

import torch
from attn_cts import kernel
from lib import CLAIMS, shared, softplus


def chain(*inputs):
    """Claims of a recurrence with the gradients of these inputs, and of the state that it begins with."""
    return {**CLAIMS, "outputs": ["o", "state"], "gradients": [*inputs, "initial"]}


def run(step, read, state, tokens):
    """Each token's state by step(token, state), then what read(token, state) gives of it; those rows, and the last state."""
    rows = []
    for i in range(tokens):
        state = step(i, state)
        rows.append(read(i, state))
    return torch.stack(rows, 2), state


def outer(x, y):
    return x[..., :, None] * y[..., None, :]


def along(x, state):
    """What a vector [..., d] reads of a state [..., d, e]."""
    return (x[..., :, None] * state).sum(-2)


def empty(x, rows, columns):
    return x.new_zeros(*x.shape[:2], rows.shape[-1], columns.shape[-1])


def scaled(q, scale):
    return q.shape[-1] ** -0.5 * q if scale is None else scale * q


def decayed(q, k, v, keep, initial, scale):
    """Of a state that is multiplied by keep [b, hk, n, d or 1] and takes the token's key and value in."""
    q = scaled(q, scale)

    def step(i, state):
        return keep[:, :, i, :, None] * state + outer(k[:, :, i], v[:, :, i])

    state = empty(k, k, v) if initial is None else initial
    return run(step, lambda i, state: along(q[:, :, i], shared(state, q)), state, k.shape[2])


@kernel(operators=["simple-gla"], **chain("q", "k", "v", "gate"))
def simple_gla(q, k, v, gate, initial=None, scale=None):
    return decayed(q, k, v, torch.exp(gate)[..., None], initial, scale)


@kernel(operators=["gla"], **chain("q", "k", "v", "gate"))
def gla(q, k, v, gate, initial=None, scale=None):
    return decayed(q, k, v, torch.exp(gate), initial, scale)


def corrected(q, k, v, keep, erase, write, initial, scale):
    """Of a state that is multiplied by keep [b, h, n, d or 1], and in which a key's place is erased and written to, by channel."""
    q, k = (shared(x, v) for x in (scaled(q, scale), k))

    def step(i, state):
        kept = keep[:, :, i, :, None] * state
        return kept + outer(k[:, :, i], write[:, :, i] * v[:, :, i] - along(erase[:, :, i] * k[:, :, i], kept))

    state = empty(v, k, v) if initial is None else initial
    return run(step, lambda i, state: along(q[:, :, i], state), state, k.shape[2])


@kernel(operators=["delta"], **chain("q", "k", "v", "beta"))
def delta(q, k, v, beta, initial=None, scale=None):
    beta = beta[..., None]
    return corrected(q, k, v, torch.ones_like(beta), beta, beta, initial, scale)


@kernel(operators=["gated-delta"], **chain("q", "k", "v", "gate", "beta"))
def gated_delta(q, k, v, gate, beta, initial=None, scale=None):
    beta = beta[..., None]
    return corrected(q, k, v, torch.exp(gate)[..., None], beta, beta, initial, scale)


@kernel(operators=["kda"], **chain("q", "k", "v", "gate", "beta"))
def kda(q, k, v, gate, beta, initial=None, scale=None):
    beta = beta[..., None]
    return corrected(q, k, v, torch.exp(gate), beta, beta, initial, scale)


def normed(x, eps):
    return x * torch.rsqrt((x * x).sum(-1, keepdim=True) + eps)


@kernel(operators=["gdn-raw-gates"], **chain("q", "k", "v", "a", "aLog", "dtBias", "betaLogit"))
def gdn_raw_gates(q, k, v, a, aLog, dtBias, betaLogit, initial=None, scale=None, eps=1e-6, betaScale=1.0):
    gate = -torch.exp(aLog)[:, None] * softplus(a + dtBias[:, None])
    return gated_delta(normed(q, eps), normed(k, eps), v, gate, betaScale * torch.sigmoid(betaLogit), initial, scale)


@kernel(operators=["kda-raw-gates"], **chain("q", "k", "v", "a", "aLog", "dtBias", "betaLogit"))
def kda_raw_gates(q, k, v, a, aLog, dtBias, betaLogit, initial=None, scale=None, eps=1e-6, betaScale=1.0, lower=None):
    rate, x = torch.exp(aLog)[:, None, None], a + dtBias[:, None]
    gate = -rate * softplus(x) if lower is None else lower * torch.sigmoid(rate * x)
    return kda(normed(q, eps), normed(k, eps), v, gate, betaScale * torch.sigmoid(betaLogit), initial, scale)


@kernel(operators=["gdn-2"], **chain("q", "k", "v", "gate", "erase", "write"))
def gdn_2(q, k, v, gate, erase, write, initial=None, scale=None):
    return corrected(q, k, v, torch.exp(gate), erase, write, initial, scale)


@kernel(operators=["rwkv-7"], **chain("r", "w", "k", "v", "kappa", "a"))
def rwkv_7(r, w, k, v, kappa, a, initial=None, scale=1.0):
    """What a direction reads is removed as it was before the decay."""

    def step(i, state):
        removed = outer(kappa[:, :, i] * a[:, :, i], along(kappa[:, :, i], state))
        return torch.exp(w[:, :, i, :, None]) * state - removed + outer(k[:, :, i], v[:, :, i])

    state = empty(k, k, v) if initial is None else initial
    return run(step, lambda i, state: scale * along(r[:, :, i], state), state, k.shape[2])


@kernel(operators=["mamba-2"], **chain("x", "dt", "a", "wt", "rd", "skip", "z"))
def mamba_2(x, dt, a, wt, rd, skip, initial=None, z=None):
    wt, rd = shared(wt, x), shared(rd, x)

    def step(i, state):
        length = dt[:, :, i, None]
        return torch.exp(length * a[:, None])[..., None] * state + outer(length * x[:, :, i], wt[:, :, i])

    def read(i, state):
        return (state * rd[:, :, i, None, :]).sum(-1) + skip[:, None] * x[:, :, i]

    o, state = run(step, read, empty(x, x, wt) if initial is None else initial, x.shape[2])
    return o if z is None else o * z * torch.sigmoid(z), state


@kernel(operators=["rg-lru"], **chain("x", "wa", "ba", "wx", "bx", "rate"))
def rg_lru(x, wa, ba, wx, bx, rate, starts=None, initial=None):
    gates = [torch.sigmoid(x @ w + bias[:, None]) for w, bias in ((wa, ba), (wx, bx))]
    keep = torch.exp(-8 * gates[0] * softplus(rate)[:, None])
    root = torch.sqrt(1 - keep * keep)
    if starts is not None:
        first = starts[:, None, :, None]
        keep, root = keep.masked_fill(first, 0), root.masked_fill(first, 1)
    taken = root * gates[1] * x
    state = torch.zeros_like(x[:, :, 0]) if initial is None else initial
    return run(lambda i, state: keep[:, :, i] * state + taken[:, :, i], lambda i, state: state, state, x.shape[2])


def ruled(q, k, v, keep, beta, initial, scale):
    """One state for each key head, kept by keep [b, hk, n, d or 1], and corrected where there is a beta."""
    q = scaled(q, scale)

    def step(i, state):
        kept = keep[:, :, i, :, None] * state
        news = v[:, :, i] if beta is None else beta[:, :, i, None] * (v[:, :, i] - along(k[:, :, i], kept))
        return kept + outer(k[:, :, i], news)

    state = empty(k, k, v) if initial is None else initial
    return run(step, lambda i, state: along(q[:, :, i], shared(state, q)), state, k.shape[2])


@kernel(operators=["update-rules"], **chain("q", "k", "v", "gate", "beta"))
def update_rules(q, k, v, gate=None, beta=None, initial=None, scale=None):
    keep = torch.ones_like(k[..., :1]) if gate is None else torch.exp(gate)[..., None]
    return ruled(q, k, v, keep, beta, initial, scale)


@kernel(operators=["update-rules-by-channel"], **chain("q", "k", "v", "gate", "beta"))
def update_rules_by_channel(q, k, v, gate=None, beta=None, initial=None, scale=None):
    return ruled(q, k, v, torch.ones_like(k) if gate is None else torch.exp(gate), beta, initial, scale)
