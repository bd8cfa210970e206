"""keras.ops.dot_product_attention on the backend openvino (https://github.com/keras-team/keras, Apache-2.0).

https://keras.io/api/ops/nn/
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; a mask is boolean, true keeps; is_causal is
top-left.
"""

from __future__ import annotations

import os
from typing import Optional

os.environ["KERAS_BACKEND"] = "openvino"

import keras
import numpy as np
from attn_cts import kernel
from shared import claims

Array = np.ndarray


@kernel(
    **claims("openvino", "OpenVINO", framework="numpy"),
    dtypes=["f32"],
    # several heads of keys are refused: findings/keras-grouped.md
    excludes=[{"where": ["and", ["<", 1, "hk"], ["<", 1, "g"]]}],
    numeric={"accumulate": "f32", "flushToZero": True},
    # no bias: with one, a boolean mask is added as the least number, and hides by minus infinity without
    dialect={"causal": "top-left", "emptyOutput": "nan", "maskedNaN": "leaks"},
)
def attention(q: Array, k: Array, v: Array, mask=None, is_causal: bool = False, scale: Optional[float] = None) -> Array:
    o = keras.ops.dot_product_attention(q, k, v, None, mask, is_causal=is_causal, scale=scale)
    return keras.ops.convert_to_numpy(o)
