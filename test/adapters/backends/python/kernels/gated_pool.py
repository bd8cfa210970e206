"""Gated pools, the operator of test/kernels/named-tensors, in NumPy: its tensors have names, kinds and axes of their own."""

import numpy as np
from attn_cts import kernel


def groups(x, heads):
    """Query heads that read the same key head, beside each other."""
    return np.repeat(x, heads // x.shape[-3], axis=-3)


def members(x, heads):
    """Sums over the query heads that read the same key head."""
    return x.reshape(*x.shape[:-3], heads, -1, *x.shape[-2:]).sum(axis=-3)


def parts(q, k, gate, v, keep, bucket, factor, mask):
    kept = np.where(keep[:, None, :, None], v * gate[..., None], np.float32(0))
    x = kept * (bucket[:, None, :, None] + 1).astype(np.float32)
    p = q @ groups(k, q.shape[1]).swapaxes(2, 3) * np.float32(1 if factor is None else factor)
    return kept, x, p if mask is None else np.where(mask, p, np.float32(0))


def backward(q, k, gate, v, w, keep, bucket, do, dtotal, factor=None, mask=None):
    kept, x, p = parts(q, k, gate, v, keep, bucket, factor, mask)
    heads = k.shape[1]
    dy = do @ groups(w, q.shape[1])
    dw = members((do.swapaxes(2, 3) @ (p @ groups(x, q.shape[1]))).sum(axis=0), heads)
    dp = dy @ groups(x, q.shape[1]).swapaxes(2, 3) * np.float32(1 if factor is None else factor)
    dp = dp if mask is None else np.where(mask, dp, np.float32(0))
    dx = members(p.swapaxes(2, 3) @ dy, heads) * (bucket[:, None, :, None] + 1).astype(np.float32)
    dkept = np.where(keep[:, None, :, None], dx + dtotal[:, :, None], np.float32(0))
    dk = members(dp.swapaxes(2, 3) @ q, heads)
    return dp @ groups(k, q.shape[1]), dk, (dkept * v).sum(axis=3), dkept * gate[..., None], dw


# a product with 0 is no shield from NaN
claims = {"operators": ["gated-pool"], "outputs": ["o", "total"], "dialect": {"maskedNaN": "leaks"}}


@kernel(id="pool", gradients=True, backward=backward, limits={"r": {"max": 4}}, **claims)
def pool(gate, w, q, k, v, keep, bucket, factor=None, mask=None):
    """Takes its inputs in an order of its own."""
    assert keep.dtype == np.bool_ and bucket.dtype == np.int32 and gate.dtype == np.float32
    kept, x, p = parts(q, k, gate, v, keep, bucket, factor, mask)
    o = p @ groups(x, q.shape[1]) @ groups(w, q.shape[1]).swapaxes(1, 2)
    return o, kept.sum(axis=2)


@kernel(id="forgets", gradients=["gate"], backward=lambda **given: {"dgate": backward(**given)[2] * np.float32(1.01)}, **claims)
def forgets(query, key, value, gate, **others):
    """Forgets which keys are kept; its gradient of the gate is too large."""
    given = {"factor": None, "mask": None, **others, "keep": np.ones_like(others["keep"])}
    o, total = pool(gate, q=query, k=key, v=value, **given)
    return {"total": total, "o": o}


@kernel(id="misspelt", **claims)
def misspelt(q, k, v, gaet, w, keep, bucket):
    """Has no argument gate."""
    return q


@kernel(id="mistyped", operators=["softmax"], dtypes=["float32"])
def mistyped(q, k, v):
    """Claims a type that is none: the other kernels of this file run."""
    return q
