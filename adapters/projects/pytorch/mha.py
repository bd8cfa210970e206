"""PyTorch's nn.MultiheadAttention, whose projections are identities, so that it computes attention alone.

https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
q [b, h, m, d], k and v [b, h, n, d] go in and come out as [b, l, h*d]. A boolean attn_mask [b*h, m, n] hides where it is true, a float one is
added; the causal mask is top-left. With need_weights=False the module calls scaled_dot_product_attention, else a product, a softmax and a product.
"""

from __future__ import annotations

import functools
from typing import Optional

import torch
from attn_cts import kernel
from sdpa import attention_mask
from torch_flash import FLASH_NUMERIC

Tensor = torch.Tensor

torch.set_num_threads(min(2, torch.get_num_threads()))

COMMON = {
    "version": torch.__version__,
    "speed": "medium",
    "framework": "torch",
    "dtypes": ["f32", "f64", "f16", "bf16"],
    "masks": {"causal": {"is_causal": True}},
    "dense_mask": "both",
    # attn_mask and is_causal are one argument: a causal mask with a bias is a dense one
    "excludes": [{"mask": {"name": "causal"}, "options": {"bias": True}}],
    "grouped": False,
    "gradients": True,
    # the projections are matrices of (h*d)^2 elements
    "hk": {"max": 8},
    "d": {"max": 128},
    "e": "=d",
}


@functools.lru_cache(maxsize=64)
def module(heads: int, width: int, dtype: torch.dtype, device: torch.device) -> torch.nn.MultiheadAttention:
    made = torch.nn.MultiheadAttention(width, heads, bias=False, batch_first=True, dtype=dtype, device=device)
    identity = torch.eye(width, dtype=dtype, device=device)
    with torch.no_grad():
        made.in_proj_weight.copy_(torch.cat([identity] * 3))
        made.out_proj.weight.copy_(identity)
    return made.requires_grad_(False)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], bias: Optional[Tensor], is_causal: bool, need_weights: bool) -> Tensor:
    (b, h, m, d), n = q.shape, k.shape[2]
    both = attention_mask(mask, bias)
    if both is not None:
        both = both.expand(b, h, m, n).reshape(b * h, m, n)
        both = ~both if both.dtype == torch.bool else both
    elif is_causal:
        both = torch.ones(m, n, dtype=torch.bool, device=q.device).triu(1)
    flat = [x.transpose(1, 2).reshape(b, -1, h * d) for x in (q, k, v)]
    o, _ = module(h, h * d, q.dtype, q.device)(*flat, attn_mask=both, is_causal=is_causal, need_weights=need_weights)
    return o.reshape(b, m, h, d).transpose(1, 2)


@kernel(
    id="pytorch-mha",
    title="PyTorch nn.MultiheadAttention",
    numeric=FLASH_NUMERIC,
    dialect={"causal": "top-left", "maskedNaN": "leaks"},
    **COMMON,
)
def mha(q, k, v, mask: Optional[Tensor] = None, bias: Optional[Tensor] = None, is_causal: bool = False) -> Tensor:
    return attend(q, k, v, mask, bias, is_causal, False)


# q is scaled, rounded to storage and multiplied; scores and weights are stored
STORED = {"accumulate": "f32", "prescaledQ": True, "scores": "storage", "probabilities": "storage"}


@kernel(
    id="pytorch-mha-weights",
    title="PyTorch nn.MultiheadAttention, with the weights returned",
    numeric={
        "f64": {"accumulate": "f64", "prescaledQ": True},
        "f32": {"accumulate": "f32", "prescaledQ": True},
        "f16": STORED,
        "bf16": {**STORED, "flushToZero": True},
    },
    dialect={"causal": "top-left", "emptyOutput": "nan", "maskedNaN": "leaks"},
    **COMMON,
)
def mha_weights(q, k, v, mask: Optional[Tensor] = None, bias: Optional[Tensor] = None, is_causal: bool = False) -> Tensor:
    return attend(q, k, v, mask, bias, is_causal, True)
