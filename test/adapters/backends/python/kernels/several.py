"""Kernels for the tests of the harness and of `python:`."""

import sys

import numpy as np
from attn_cts import kernel

print("a print while the file loads")


def plain(q, k, v, scale=None):
    """Not decorated: it claims what its signature says."""
    print("a print in a call")
    sys.stdout.write("and half a line")
    group = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    scores = q @ k.swapaxes(2, 3) * np.float32(q.shape[3] ** -0.5 if scale is None else scale)
    weights = np.exp(scores - scores.max(axis=3, keepdims=True))
    return weights @ v / weights.sum(axis=3, keepdims=True)


@kernel(id="unscaled", framework="numpy")
def unscaled(q, k, v):
    """Leaves out the scale."""
    return plain(q, k, v, 1)


@kernel(id="writes", framework="numpy")
def writes(q, k, v):
    """Writes into its input."""
    v *= 1
    v[..., 0] += 1
    return plain(q, k, v)


@kernel(id="overclaims", options=["scale"], names={"scale": "unused"})
def overclaims(q, k, v, unused=None):
    """Claims a scale without effect."""
    return plain(q, k, v)


@kernel(id="raises")
def raises(q, k, v):
    return helper(q)


def helper(q):
    raise IndexError("seven is out of range")


limit = 7
