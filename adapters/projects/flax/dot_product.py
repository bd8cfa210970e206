"""Flax's nnx.dot_product_attention (https://github.com/google/flax, Apache-2.0), compiled by XLA.

https://flax.readthedocs.io/en/latest/api_reference/flax.nnx/nn/attention.html
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; bias and mask are broadcast to [b, hk*g, m, n];
is_causal is top-left. Without dropout and module it calls jax.nn.dot_product_attention; with
module= it computes the weights itself, and stores them as an intermediate of that module.
"""

from __future__ import annotations

import functools
from typing import Any, Optional

import jax
from attn_cts import kernel
from flax import nnx
from versions import version_of
from xla import F32, STORED

Mask = Optional[jax.Array]

COMMON: Any = {
    "version": version_of("flax"),
    "framework": "jax",
    "layout": "blhd",
    "masks": {"causal": {"is_causal": True}},
    "dense_mask": "boolean",
    "dense_mask_shapes": ["b h m n", "1 h m n", "b 1 m n", "1 1 m n"],
    "gradients": ["q", "k", "v", "bias"],
    # hidden scores become the lowest number: where all are, the weights are equal
    "dialect": {"causal": "top-left", "emptyOutput": "mean", "maskedNaN": "leaks"},
    "speed": "medium",
    "compiles_per": ["b", "hk", "g", "m", "n", "d", "e"],
}


@functools.partial(jax.jit, static_argnames="is_causal")
def fused(q, k, v, bias, mask, is_causal):
    return nnx.dot_product_attention(q, k, v, bias=bias, mask=mask, is_causal=is_causal)


@kernel(
    id="flax",
    title="Flax nnx.dot_product_attention",
    # as in JAX, whose XLA has no products of float16 with sums in float32 on the CPU
    dtypes=["f32", "bf16"],
    numeric={"f32": F32, "bf16": STORED},
    e="=d",
    **COMMON,
)
def attention(q: jax.Array, k: jax.Array, v: jax.Array, bias: Mask = None, mask: Mask = None, is_causal: bool = False):
    return fused(q, k, v, bias, mask, is_causal)


@functools.partial(jax.jit, static_argnames="is_causal")
def unfused(q, k, v, bias, mask, is_causal):
    module = nnx.Module()
    return nnx.dot_product_attention(q, k, v, bias=bias, mask=mask, is_causal=is_causal, module=module)


@kernel(
    id="flax-weights",
    title="Flax nnx.dot_product_attention, with the weights stored",
    dtypes=["f32"],
    numeric={"f32": {**F32, "prescaledQ": True}},
    **COMMON,
)
def weights(q: jax.Array, k: jax.Array, v: jax.Array, bias: Mask = None, mask: Mask = None, is_causal: bool = False):
    return unfused(q, k, v, bias, mask, is_causal)
