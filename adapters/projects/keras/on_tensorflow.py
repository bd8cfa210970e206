"""keras.ops.dot_product_attention on the backend tensorflow (https://github.com/keras-team/keras, Apache-2.0).

https://keras.io/api/ops/nn/
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; a mask is boolean, true keeps; is_causal is
top-left.
"""

from __future__ import annotations

import os
from typing import Mapping, Optional

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from attn_cts import kernel
from shared import claims

Array = np.ndarray

tf.config.threading.set_intra_op_parallelism_threads(2)


def backward(q, k, v, do, bias=None, mask=None, is_causal: bool = False, scale: Optional[float] = None) -> Mapping[str, Array]:
    leaves = {name: tf.constant(x) for name, x in {"q": q, "k": k, "v": v, "bias": bias}.items() if x is not None}
    with tf.GradientTape() as tape:
        tape.watch(leaves)
        o = keras.ops.dot_product_attention(
            leaves["q"], leaves["k"], leaves["v"], leaves.get("bias"), mask, is_causal=is_causal, scale=scale
        )
    found = tape.gradient(o, leaves, output_gradients=tf.constant(do))
    return {f"d{name}": gradient.numpy() for name, gradient in found.items()}


@kernel(
    **claims("tensorflow", "TensorFlow", framework="numpy", gradients=["q", "k", "v", "bias"], backward=backward),
    dtypes=["f32"],
    # one head of keys is refused: findings/keras-grouped.md
    excludes=[{"where": ["and", ["=", "hk", 1], ["<", 1, "g"]]}],
    numeric={"accumulate": "f32", "flushToZero": True},
    dialect={"causal": "top-left", "emptyOutput": "mean", "maskedNaN": "leaks"},
)
def attention(q: Array, k: Array, v: Array, bias=None, mask=None, is_causal: bool = False, scale: Optional[float] = None) -> Array:
    return keras.ops.dot_product_attention(q, k, v, bias, mask, is_causal=is_causal, scale=scale).numpy()
