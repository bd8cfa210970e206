"""Four operators written from their formulas, in float32 NumPy. ATTN_PLAIN_FAULT names the one that has its fault."""

import os

import numpy as np
from attn_cts import kernel

WRONG = os.environ.get("ATTN_PLAIN_FAULT")
F = np.float32


def seen_by(mask, causal, b, h, i, m, n):
    """Whether query i of head h sees each key."""
    if mask is not None:
        return mask[b, h, i]
    return np.arange(n) <= i + n - m if causal else np.ones(n, bool)


def softmax(scores):
    if len(scores) == 0:
        return scores
    terms = np.exp(scores - scores.max())
    return terms / terms.sum()


@kernel(operators=["retention"], outputs=["o", "state"])
def retention(q, k, v, decay, initial=None, scale=None):
    """Wrong: a token reads the state from before it."""
    b, heads, n, d = q.shape
    hk, e = k.shape[1], v.shape[3]
    g = heads // hk
    scale = F(d**-0.5 if scale is None else scale)
    o = np.zeros((b, heads, n, e), F)
    state = np.zeros((b, hk, d, e), F) if initial is None else initial.astype(F)
    for x in range(b):
        for y in range(hk):
            keep = np.exp(decay[y])
            s = state[x, y]
            for i in range(n):
                before = s
                s = keep * s + np.outer(k[x, y, i], v[x, y, i])
                for h in range(y * g, (y + 1) * g):
                    o[x, h, i] = scale * (q[x, h, i] @ (before if WRONG == "retention" else s))
            state[x, y] = s
    return o, state


@kernel(operators=["moh"])
def moh(q, k, v, router, balance, mask=None, causal=False, scale=None, shared=1, top=2):
    """Wrong: the gates of routed heads count `top` even where there are fewer."""
    b, heads, m, d = q.shape
    n, e = k.shape[2], v.shape[3]
    scale = F(d**-0.5 if scale is None else scale)
    first, routed = min(shared, heads), max(0, heads - shared)
    count = top if WRONG == "moh" else min(top, routed)
    o = np.zeros((b, heads, m, e), F)
    for x in range(b):
        for i in range(m):
            gates = np.zeros(heads, F)
            kinds = F(2) * softmax(balance[x, i]) if first and routed else np.ones(2, F)
            if first:
                gates[:first] = F(first) * softmax(router[x, i, :first]) * kinds[0]
            if routed:
                shares = softmax(router[x, i, first:])
                chosen = np.argsort(-router[x, i, first:], kind="stable")[:top]
                gates[first + chosen] = F(count) * (shares[chosen] / shares[chosen].sum()) * kinds[1]
            for h in range(heads):
                seen = seen_by(mask, causal, x, h, i, m, n)
                weights = softmax(scale * (k[x, h][seen] @ q[x, h, i]))
                o[x, h, i] = gates[h] * (weights @ v[x, h][seen])
    return o


def sigmoid_pairs(q, k, alibi, mask, causal, scale, sigmoidBias):
    """Of every row of queries: where it is, its key head, the keys that it sees, their scores, and how far after it they are."""
    b, heads, m, d = q.shape
    hk, n = k.shape[1], k.shape[2]
    for x in range(b):
        for h in range(heads):
            y = h // (heads // hk)
            for i in range(m):
                seen = np.flatnonzero(seen_by(mask, causal, x, h, i, m, n))
                distance = (seen - (i if WRONG == "sigmoid" else i + n - m)).astype(F)
                scores = scale * (k[x, y, seen] @ q[x, h, i]) + F(sigmoidBias)
                if alibi is not None:
                    scores = scores + alibi[h] * distance
                yield (x, h, i), (x, y), seen, scores, distance


def sigma(s):
    with np.errstate(over="ignore"):
        return F(1) / (F(1) + np.exp(-s))


def sigmoid_backward(q, k, v, do, alibi=None, mask=None, causal=False, scale=None, sigmoidBias=0):
    scale = F(q.shape[3] ** -0.5 if scale is None else scale)
    grads = {"dq": np.zeros_like(q), "dk": np.zeros_like(k), "dv": np.zeros_like(v)}
    if alibi is not None:
        grads["dalibi"] = np.zeros_like(alibi)
    for row, head, seen, scores, distance in sigmoid_pairs(q, k, alibi, mask, causal, scale, sigmoidBias):
        weights = sigma(scores)
        ds = weights * sigma(-scores) * (v[head][seen] @ do[row])
        grads["dq"][row] = scale * (ds @ k[head][seen])
        grads["dk"][head][seen] += scale * np.outer(ds, q[row])
        grads["dv"][head][seen] += np.outer(weights, do[row])
        if alibi is not None:
            grads["dalibi"][row[1]] += ds @ distance
    return grads


@kernel(operators=["sigmoid"], gradients=["q", "k", "v", "alibi"], backward=sigmoid_backward)
def sigmoid(q, k, v, alibi=None, mask=None, causal=False, scale=None, sigmoidBias=0):
    """Wrong: distances are counted from the first key, however many more keys than queries there are."""
    scale = F(q.shape[3] ** -0.5 if scale is None else scale)
    o = np.zeros((*q.shape[:3], v.shape[3]), F)
    for row, head, seen, scores, _ in sigmoid_pairs(q, k, alibi, mask, causal, scale, sigmoidBias):
        o[row] = sigma(scores) @ v[head][seen]
    return o


@kernel(operators=["mla"], outputs=["o", "lse"])
def mla(q, qp, c, kp, wk, wv, mask=None, causal=False, scale=None):
    """Wrong: the default scale leaves out the channels of the rotated part."""
    b, heads, m, d = q.shape
    n, t = kp.shape[1:]
    if scale is None:
        scale = d**-0.5 if WRONG == "mla" else (d + t) ** -0.5
    o = np.zeros((b, heads, m, wv.shape[2]), F)
    lse = np.full((b, heads, m), -np.inf, F)
    for x in range(b):
        for h in range(heads):
            for i in range(m):
                seen = seen_by(mask, causal, x, h, i, m, n)
                scores = F(scale) * (c[x][seen] @ (q[x, h, i] @ wk[h]) + kp[x][seen] @ qp[x, h, i])
                o[x, h, i] = (softmax(scores) @ c[x][seen]) @ wv[h]
                if seen.any():
                    lse[x, h, i] = scores.max() + np.log(np.exp(scores - scores.max()).sum())
    return o, lse
