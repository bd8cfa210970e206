"""Sigmoid attention, the operator of test/kernels/own-operators, in NumPy."""

import numpy as np
from attn_cts import kernel


def weights(q, k, mask, scale):
    group = q.shape[1] // k.shape[1]
    k = np.repeat(k, group, axis=1)
    scores = q @ k.swapaxes(2, 3) * np.float32(q.shape[3] ** -0.5 if scale is None else scale)
    with np.errstate(over="ignore"):
        p = np.float32(1) / (np.float32(1) + np.exp(-scores))
    return p if mask is None else np.where(mask, p, np.float32(0))


@kernel(id="sigmoid", operators=["my-sigmoid"])
def sigmoid(q, k, v, mask=None, scale=None):
    return weights(q, k, mask, scale) @ np.repeat(v, q.shape[1] // v.shape[1], axis=1)


@kernel(id="normalised", operators=["my-sigmoid"])
def normalised(q, k, v, mask=None, scale=None):
    """Divides by the sum of the weights, as a softmax does."""
    p = weights(q, k, mask, scale)
    p = p / np.maximum(p.sum(axis=3, keepdims=True), np.float32(1e-30))
    return p @ np.repeat(v, q.shape[1] // v.shape[1], axis=1)
