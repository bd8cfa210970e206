"""keras.ops.dot_product_attention on the backend numpy (https://github.com/keras-team/keras, Apache-2.0).

https://keras.io/api/ops/nn/
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; a mask is boolean, true keeps; is_causal is
top-left.
"""

from __future__ import annotations

import os
from typing import Optional

os.environ["KERAS_BACKEND"] = "numpy"

import keras
import numpy as np
from attn_cts import kernel
from shared import claims

Array = np.ndarray


@kernel(
    **claims("numpy", "NumPy", framework="numpy"),
    dtypes=["f32"],
    # several heads of keys are refused: findings/keras-grouped.md
    excludes=[{"where": ["and", ["<", 1, "hk"], ["<", 1, "g"]]}],
    numeric={"accumulate": "f32"},
    dialect={"causal": "top-left", "emptyOutput": "mean", "maskedNaN": "leaks"},
)
def attention(q: Array, k: Array, v: Array, bias=None, mask=None, is_causal: bool = False, scale: Optional[float] = None) -> Array:
    return np.asarray(keras.ops.dot_product_attention(q, k, v, bias, mask, is_causal=is_causal, scale=scale))
