"""Transformer Engine: DotProductAttention, packed documents as thd.

https://docs.nvidia.com/deeplearning/transformer-engine/user-guide/api/pytorch.html
q [b, m, hk*g, d], k and v [b, n, hk, d] in float16 or bfloat16 on CUDA; packed: [tokens, h, d] with cu_seqlens int32; the heads of o are joined.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Tuple

import torch
import transformer_engine
from attn_cts import Problem, kernel
from transformer_engine.pytorch import DotProductAttention
from windows import window_size


def documents(mask_type: str):
    """Documents as packed sequences; empty ones have no tokens and are left out."""

    def arguments(problem: Problem) -> Mapping[str, Any]:
        lengths = torch.tensor([0] + [length for length in problem.parameters["lengths"] if length > 0], device=problem.tensors["q"].device)
        return {"mask_type": mask_type, "cu_seqlens": lengths.cumsum(0).int(), "longest": int(lengths.max())}

    return arguments


@kernel(
    id="transformer-engine",
    title="Transformer Engine DotProductAttention",
    version=getattr(transformer_engine, "__version__", None),
    framework="torch",
    device="cuda",
    layout="blhd",
    dtypes=["f16", "bf16"],
    b=1,
    d={"multipleOf": 8, "max": 128},
    e="=d",
    masks={
        "causal": {"mask_type": "causal_bottom_right"},
        "sliding-window": window_size,
        "document": documents("padding"),
        "document-causal": documents("padding_causal"),
    },
    gradients=True,
)
def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    scale: Optional[float] = None,
    mask_type: str = "no_mask",
    window_size: Optional[Tuple[int, int]] = None,
    cu_seqlens: Optional[torch.Tensor] = None,
    longest: Optional[int] = None,
) -> torch.Tensor:
    """o [1, m, hk*g, d]."""
    packed = cu_seqlens is not None
    attend = DotProductAttention(
        q.size(2),
        q.size(3),
        num_gqa_groups=k.size(2),
        attention_dropout=0.0,
        qkv_format="thd" if packed else "bshd",
        softmax_scale=scale,
    )
    if packed:
        lengths = {"cu_seqlens_q": cu_seqlens, "cu_seqlens_kv": cu_seqlens, "max_seqlen_q": longest, "max_seqlen_kv": longest}
        return attend(q[0], k[0], v[0], attn_mask_type=mask_type, **lengths).view(q.shape)
    return attend(q, k, v, attn_mask_type=mask_type, window_size=window_size).view(q.shape)
