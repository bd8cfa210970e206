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
    numeric={"accumulate": "f32"},
    dialect={"causal": "top-left", "maskedNaN": "leaks"},
)
def attention(q: Array, k: Array, v: Array, bias=None, mask=None, is_causal: bool = False, scale: Optional[float] = None) -> Array:
    o = keras.ops.dot_product_attention(q, k, v, bias, mask, is_causal=is_causal, scale=scale)
    return keras.ops.convert_to_numpy(o)
