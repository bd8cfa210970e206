"""Scaled dot-product attention in NumPy. Make `attention` yours: with PyTorch or JAX it gets their tensors, on their device."""

import numpy as np
from attn_cts import kernel


# what is claimed is called and must be right; what is not claimed is never called. An argument claims what it is named after:
# scale, mask (bool, true keeps), softcap, sink, bias, alibi. attn_cts.py comes with attention-cts; copy it beside this file to run it alone.
@kernel(
    id="my-python-kernel",
    title="My attention in Python",
    version="0.1.0",
    dtypes=["f32"],
    masks={"causal": {"causal": True}},
    outputs=["o", "lse"],
    numeric={"accumulate": "f32"},
)
def attention(q, k, v, mask=None, causal=False, scale=None):
    """q [b, heads, m, d], k [b, key heads, n, d], v [b, key heads, n, e], mask [b, heads, m, n] -> o [b, heads, m, e], lse [b, heads, m]."""
    group = q.shape[1] // k.shape[1]
    m, n = q.shape[2], k.shape[2]
    visible = np.ones((1, 1, m, n), bool) if mask is None else mask
    if causal:  # aligned with the last key
        visible = visible & (np.arange(n) <= np.arange(m)[:, None] + n - m)
    # query head h reads key head h // group
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    scores = q @ k.swapaxes(2, 3) * np.float32(q.shape[3] ** -0.5 if scale is None else scale)
    scores = np.where(visible, scores, -np.inf)
    # a row that sees no key: 0 and -inf
    largest = np.maximum(scores.max(axis=3, keepdims=True), np.float32(-3e38))
    weights = np.exp(scores - largest)
    total = weights.sum(axis=3, keepdims=True)
    # a key that no row sees must not be touched: 0 * NaN is NaN
    shown = np.where(visible.any(axis=2)[..., None], v, 0)
    o = (weights @ shown) / np.maximum(total, np.float32(1e-38))
    with np.errstate(divide="ignore"):
        return o, (largest + np.log(total))[..., 0]
