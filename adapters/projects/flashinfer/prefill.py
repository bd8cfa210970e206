"""FlashInfer's single_prefill_with_kv_cache, one batch entry after the other.

https://docs.flashinfer.ai/generated/flashinfer.prefill.single_prefill_with_kv_cache.html
q [m, hk*g, d], k and v [n, hk, d] in float16 or bfloat16 on CUDA; causal is bottom-right; custom_mask bool [m, n]; lse float32 [m, hk*g] in base 2.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Tuple

import flashinfer
import torch
from attn_cts import Problem, kernel


def window(problem: Problem) -> Mapping[str, Any]:
    """window_left goes with causal; a window that sees ahead has to be a mask."""
    left, right = problem.parameters["left"], problem.parameters["right"]
    if right == 0:
        return {"causal": True, "window_left": left}
    m, n = problem.dims["m"], problem.dims["n"]
    device = problem.tensors["q"].device
    position, key = torch.arange(m, device=device)[:, None] + n - m, torch.arange(n, device=device)[None, :]
    seen = torch.ones(m, n, dtype=torch.bool, device=device)
    if left != -1:
        seen &= key >= position - left
    if right != -1:
        seen &= key <= position + right
    return {"mask": seen[None, None]}


@kernel(
    id="flashinfer",
    title="FlashInfer single prefill",
    version=flashinfer.__version__,
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    d=[64, 128, 256],
    e="=d",
    masks={"causal": {"causal": True}, "sliding-window": window},
    dense_mask_shapes=["b 1 m n", "1 1 m n"],
    outputs=["o", "lse"],
    dialect={"lseBase": "2"},
)
def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    mask: Optional[torch.Tensor] = None,
    scale: Optional[float] = None,
    softcap: Optional[float] = None,
    causal: bool = False,
    window_left: int = -1,
) -> Tuple[torch.Tensor, torch.Tensor]:
    """o [b, m, hk*g, d] and lse [b, hk*g, m]."""
    results = [
        flashinfer.single_prefill_with_kv_cache(
            q[b],
            k[b],
            v[b],
            custom_mask=None if mask is None else mask[b % mask.size(0), 0],
            causal=causal,
            window_left=window_left,
            sm_scale=scale,
            logits_soft_cap=softcap,
            return_lse=True,
        )
        for b in range(q.size(0))
    ]
    return torch.stack([o for o, _ in results]), torch.stack([lse.T for _, lse in results])
