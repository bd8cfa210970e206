"""keras.ops.dot_product_attention on the backend jax (https://github.com/keras-team/keras, Apache-2.0).

https://keras.io/api/ops/nn/
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; a mask is boolean, true keeps; is_causal is
top-left.
"""

from __future__ import annotations

import os
from typing import Any, Optional

os.environ["KERAS_BACKEND"] = "jax"

import functools

import jax
import keras
from attn_cts import kernel
from shared import claims
from xla import F32, STORED

Mask = Optional[jax.Array]


@functools.partial(jax.jit, static_argnames=("is_causal", "scale"))
def attend(q, k, v, bias, mask, **options: Any):
    return keras.ops.dot_product_attention(q, k, v, bias, mask, **options)


@kernel(
    **claims("jax", "JAX", framework="jax", gradients=["q", "k", "v", "bias"], compiles_per=["b", "hk", "g", "m", "n", "d", "e"]),
    dtypes=["f32", "bf16"],
    e="=d",
    numeric={"f32": F32, "bf16": STORED},
    dialect={"causal": "top-left", "emptyOutput": "mean", "maskedNaN": "leaks"},
)
def attention(q, k, v, bias: Mask = None, mask: Mask = None, is_causal: bool = False, scale: Optional[float] = None) -> jax.Array:
    return attend(q, k, v, bias, mask, is_causal=is_causal, scale=scale)
