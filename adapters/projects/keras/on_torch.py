"""keras.ops.dot_product_attention on the backend torch (https://github.com/keras-team/keras, Apache-2.0).

https://keras.io/api/ops/nn/
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; a mask is boolean, true keeps; is_causal is
top-left.
"""

from __future__ import annotations

import os
from typing import Optional

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from attn_cts import kernel
from shared import claims
from torch_flash import FLASH_NUMERIC

Tensor = torch.Tensor
Mask = Optional[torch.Tensor]

torch.set_num_threads(min(2, torch.get_num_threads()))


@kernel(
    **claims("torch", "PyTorch", framework="torch", device="cpu", gradients=True),
    dtypes=["f32", "bf16"],
    # no bias: "Only one of `bias` and `mask` can be provided"
    numeric={**FLASH_NUMERIC, "f32": {**FLASH_NUMERIC["f32"], "prescaledQ": True}},
    dialect={"causal": "top-left", "emptyOutput": "mean", "maskedNaN": "leaks"},
)
def attention(q, k, v, mask: Mask = None, is_causal: bool = False, scale: Optional[float] = None) -> Tensor:
    return keras.ops.dot_product_attention(q, k, v, None, mask, is_causal=is_causal, scale=scale)
