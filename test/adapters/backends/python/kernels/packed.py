"""Packed documents (layout thd): a NumPy kernel with its backward pass, and one that leaks over the documents' ends."""

import numpy as np
from attn_cts import kernel


def weights(q, k, scale):
    """Of one document and head: P [m, n], and the LSE [m]; zeros and −inf where there are no keys."""
    scores = q @ k.T * scale
    top = scores.max(axis=1, initial=-np.inf, keepdims=True)
    lse = np.where(np.isfinite(top), top, 0)
    p = np.exp(scores - lse)
    total = p.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        return np.divide(p, total, out=np.zeros_like(p), where=total > 0), (lse + np.log(total))[:, 0]


def each(q, k, cu_q, cu_k):
    """Rows, keys, query head and key head of every document."""
    group = q.shape[1] // k.shape[1]
    for x in range(len(cu_q) - 1):
        for h in range(q.shape[1]):
            yield slice(cu_q[x], cu_q[x + 1]), slice(cu_k[x], cu_k[x + 1]), h, h // group


def scale_of(q, scale):
    return np.float32(q.shape[2] ** -0.5 if scale is None else scale)


def backward(q, k, v, do, cu_q, cu_k, scale=None):
    scale = scale_of(q, scale)
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for rows, keys, h, kh in each(q, k, cu_q, cu_k):
        p, _ = weights(q[rows, h], k[keys, kh], scale)
        dp = do[rows, h] @ v[keys, kh].T
        ds = p * (dp - (dp * p).sum(axis=1, keepdims=True))
        dq[rows, h] = scale * (ds @ k[keys, kh])
        dk[keys, kh] += scale * (ds.T @ q[rows, h])
        dv[keys, kh] += p.T @ do[rows, h]
    return dq, dk, dv


@kernel(id="packed", layout="thd", outputs=["o", "lse"], gradients=True, backward=backward)
def packed(q, k, v, cu_q, cu_k, scale=None):
    o = np.zeros((q.shape[0], q.shape[1], v.shape[2]), q.dtype)
    lse = np.zeros(q.shape[1::-1], np.float32)
    for rows, keys, h, kh in each(q, k, cu_q, cu_k):
        p, lse[h, rows] = weights(q[rows, h], k[keys, kh], scale_of(q, scale))
        o[rows, h] = p @ v[keys, kh]
    return o, lse


@kernel(id="leaks", layout="thd", outputs=["o", "lse"])
def leaks(q, k, v, cu_q, cu_k, scale=None):
    """A document sees one key of the next."""
    seen = np.minimum(cu_k + (cu_k > 0), len(k))
    first = np.where(np.arange(len(cu_k)) == 0, cu_k, seen)
    return packed(q, k, v, cu_q, first, scale)
