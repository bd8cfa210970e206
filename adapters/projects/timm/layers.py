"""timm's layers.Attention (https://github.com/huggingface/pytorch-image-models, Apache-2.0), whose
projections are identities, so that it computes attention alone.

q, k, v [b, h, n, d] go in as [b, n, 3*h*d] and come out as [b, n, h*d]; attn_mask is boolean, true
keeps, or added; is_causal is top-left. fused_attn calls scaled_dot_product_attention.
"""

from __future__ import annotations

import functools
from typing import Any, Mapping, Optional

import torch
from attn_cts import kernel
from timm.layers import Attention
from torch_flash import FLASH_NUMERIC
from versions import version_of

Tensor = torch.Tensor
Mask = Optional[torch.Tensor]

torch.set_num_threads(min(2, torch.get_num_threads()))


@functools.lru_cache(maxsize=64)
def module(heads: int, d: int, dtype: torch.dtype, fused: bool) -> Attention:
    width = heads * d
    made = Attention(3 * width, heads, attn_head_dim=d, dim_out=width, proj_bias=False, dtype=dtype)
    made.fused_attn = fused
    with torch.no_grad():
        made.qkv.weight.copy_(torch.eye(3 * width))
        made.proj.weight.copy_(torch.eye(width))
    return made.requires_grad_(False).eval()


def attend(fused: bool, q: Tensor, k: Tensor, v: Tensor, mask: Mask, bias: Mask, is_causal: bool) -> Tensor:
    b, h, n, d = q.shape
    if mask is not None and bias is not None:
        mask = torch.where(mask, bias, -torch.inf)
    flat = torch.cat([x.transpose(1, 2).reshape(b, n, h * d) for x in (q, k, v)], -1)
    o = module(h, d, q.dtype, fused)(flat, attn_mask=bias if mask is None else mask, is_causal=is_causal)
    return o.reshape(b, n, h, d).transpose(1, 2)


def claims(name: str, title: str, **others: Any) -> Mapping[str, Any]:
    common = {"version": version_of("timm"), "framework": "torch", "device": "cpu", "speed": "medium", "grouped": False}
    # the projections are matrices of 3*(h*d)^2 elements
    sizes = {"m": "=n", "e": "=d", "hk": {"max": 8}, "d": {"max": 64}}
    masks = {"masks": {"causal": {"is_causal": True}}, "dense_mask": "both"}
    # of a bias and is_causal the bias is not used
    excludes = [{"mask": {"name": "causal"}, "options": {"bias": True}}]
    return {"id": name, "title": f"timm, {title}", **common, **sizes, **masks, "excludes": excludes, "gradients": ["q", "k", "v", "bias"], **others}


WIDE = {"f32": {"accumulate": "f32", "prescaledQ": True}}


@kernel(**claims("timm", "layers.Attention", dtypes=["f32"], numeric=WIDE, dialect={"causal": "top-left", "emptyOutput": "nan", "maskedNaN": "leaks"}))
def plain(q, k, v, mask: Mask = None, bias: Mask = None, is_causal: bool = False) -> Tensor:
    return attend(False, q, k, v, mask, bias, is_causal)


@kernel(
    **claims("timm-fused", "layers.Attention, fused", dtypes=["f32", "f16", "bf16"], dialect={"causal": "top-left", "maskedNaN": "leaks"}),
    numeric={**FLASH_NUMERIC, "f32": {**FLASH_NUMERIC["f32"], "prescaledQ": True}},
)
def fused(q, k, v, mask: Mask = None, bias: Mask = None, is_causal: bool = False) -> Tensor:
    return attend(True, q, k, v, mask, bias, is_causal)
