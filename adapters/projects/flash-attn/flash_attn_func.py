"""FlashAttention-2: flash_attn_func.

https://github.com/Dao-AILab/flash-attention: q [b, m, hk*g, d], k and v [b, n, hk, d] in float16 or bfloat16 on CUDA, d up to 256.
causal is bottom-right, window_size (left, right) inclusive with -1 for unbounded, alibi_slopes [hk*g] float32 weigh -|i + n - m - j|;
the output of a row that sees nothing is zero.
"""

from __future__ import annotations

from typing import Optional, Tuple

import flash_attn
import torch
from attn_cts import kernel
from windows import window_size


@kernel(
    id="flash-attn",
    title="FlashAttention-2",
    version=flash_attn.__version__,
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    d={"multipleOf": 8, "max": 256},
    e="=d",
    masks={"causal": {"causal": True}, "sliding-window": window_size},
    outputs=["o", "lse"],
    gradients=True,
    strided=True,
    dialect={"alibi": "distance", "emptyLse": "+inf"},
)
def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    scale: Optional[float] = None,
    softcap: float = 0.0,
    alibi: Optional[torch.Tensor] = None,
    causal: bool = False,
    window_size: Tuple[int, int] = (-1, -1),
) -> Tuple[torch.Tensor, torch.Tensor]:
    """o [b, m, hk*g, d] and lse float32 [b, hk*g, m]."""
    o, lse, _ = flash_attn.flash_attn_func(
        q,
        k,
        v,
        softmax_scale=scale,
        causal=causal,
        window_size=window_size,
        softcap=softcap,
        alibi_slopes=None if alibi is None else alibi.float(),
        return_attn_probs=True,
    )
    return o, lse
