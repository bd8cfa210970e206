"""FlashAttention-3: flash_attn_func of the package flash_attn_interface.

https://github.com/Dao-AILab/flash-attention/tree/main/hopper: q [b, m, hk*g, d], k and v [b, n, hk, d] in float16 or bfloat16 on Hopper, d up to 256.
causal is bottom-right, window_size (left, right) inclusive with -1 for unbounded. Versions differ in whether the LSE comes along unasked.
"""

from __future__ import annotations

from typing import Optional, Tuple

import flash_attn_interface
import torch
from attn_cts import kernel
from windows import window_size


@kernel(
    id="flash-attn-3",
    title="FlashAttention-3",
    version=getattr(flash_attn_interface, "__version__", None),
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    d={"multipleOf": 8, "max": 256},
    e="=d",
    masks={"causal": {"causal": True}, "sliding-window": window_size},
    gradients=True,
)
def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    scale: Optional[float] = None,
    causal: bool = False,
    window_size: Tuple[int, int] = (-1, -1),
) -> torch.Tensor:
    """o [b, m, hk*g, d]."""
    found = flash_attn_interface.flash_attn_func(q, k, v, softmax_scale=scale, causal=causal, window_size=window_size)
    return found[0] if isinstance(found, tuple) else found
