"""PyTorch's scaled_dot_product_attention, one adapter per backend.

https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
q [b, hk*g, m, d], k [b, hk, n, d], v [b, hk, n, e]; is_causal is top-left; attn_mask is boolean, true keeps, or added in the inputs' dtype.
"""

from __future__ import annotations

from typing import Any, Optional, Tuple

import torch
import torch.nn.functional as F
from attn_cts import kernel
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch_flash import FLASH_NUMERIC

Tensor = torch.Tensor
Mask = Optional[torch.Tensor]
"""Boolean or float [b|1, h|1, m|1, n]."""

HALVES = ("f16", "bf16")
# a hidden value is multiplied with a probability of 0
DIALECT = {"causal": "top-left", "maskedNaN": "leaks"}
COMMON = {"version": torch.__version__, "framework": "torch", "dialect": DIALECT, "speed": "medium"}
MASKED = {
    "dense_mask": "both",
    "dense_mask_shapes": ["b h m n", "1 h m n", "b 1 m n", "1 1 m n", "b 1 1 n", "1 1 1 n"],
    # "An error is thrown if both attn_mask and is_causal are set"
    "excludes": [{"mask": {"name": "causal"}, "options": {"bias": True}}],
}
# the fused kernels on CUDA: halves, heads of one size, a multiple of 8 up to 256
FUSED = {"device": "cuda", "dtypes": HALVES, "e": "=d", "d": {"multipleOf": 8, "max": 256}, "gradients": True}

torch.set_num_threads(min(2, torch.get_num_threads()))


def sdpa(backend: SDPBackend, q: Tensor, k: Tensor, v: Tensor, attn_mask: Mask, is_causal: bool, scale: Optional[float]) -> Tensor:
    grouped = {"enable_gqa": True} if q.size(1) != k.size(1) else {}
    with sdpa_kernel(backend):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=attn_mask, is_causal=is_causal, scale=scale, **grouped)


def attention_mask(mask: Mask, bias: Mask) -> Mask:
    """The one argument for a boolean mask, a bias, or both."""
    if mask is None or bias is None:
        return bias if mask is None else mask
    return torch.where(mask, bias, -torch.inf)


# q and k are each multiplied by the root of the scale; halves are computed in float32 (aten/src/ATen/native/transformers/attention.cpp)
UPCAST = {"accumulate": "f32", "probabilities": "accumulate", "scoreGradients": "accumulate"}
PRESCALED = {"f64": {"accumulate": "f64", "prescaledQ": True}, "f32": {"accumulate": "f32", "prescaledQ": True}}


@kernel(
    id="pytorch-math",
    title="PyTorch SDPA, MATH",
    dtypes=["f32", "f64", *HALVES],
    gradients=["q", "k", "v", "bias"],
    strided=True,
    numeric={**PRESCALED, "f16": UPCAST, "bf16": UPCAST},
    **COMMON,
    **MASKED,
)
def math(q, k, v, mask: Mask = None, bias: Mask = None, is_causal: bool = False, scale: Optional[float] = None) -> Tensor:
    return sdpa(SDPBackend.MATH, q, k, v, attention_mask(mask, bias), is_causal, scale)


@kernel(id="pytorch-efficient", title="PyTorch SDPA, EFFICIENT_ATTENTION", grouped=False, **{**FUSED, "dtypes": ["f32", *HALVES]}, **COMMON, **MASKED)
def efficient(q, k, v, mask: Mask = None, bias: Mask = None, is_causal: bool = False, scale: Optional[float] = None) -> Tensor:
    return sdpa(SDPBackend.EFFICIENT_ATTENTION, q, k, v, attention_mask(mask, bias), is_causal, scale)


@kernel(id="pytorch-cudnn", title="PyTorch SDPA, CUDNN_ATTENTION", grouped=False, **FUSED, **COMMON)
def cudnn(q, k, v, is_causal: bool = False, scale: Optional[float] = None) -> Tensor:
    return sdpa(SDPBackend.CUDNN_ATTENTION, q, k, v, None, is_causal, scale)


FLASH = {"id": "pytorch-flash", "title": "PyTorch SDPA, FLASH_ATTENTION"}


@kernel(**FLASH, **FUSED, **COMMON)
def flash_cuda(q, k, v, is_causal: bool = False, scale: Optional[float] = None) -> Tensor:
    return sdpa(SDPBackend.FLASH_ATTENTION, q, k, v, None, is_causal, scale)


# what FLASH_ATTENTION calls on CPU; called by itself it also gives the LSE, and its backward pass takes one
_flash = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
_flash_backward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward


def added_mask(mask: Mask, bias: Mask, like: Tensor) -> Mask:
    """The operator takes masks that are added; as the frontend does, a boolean one becomes 0 and -inf."""
    both = attention_mask(mask, bias)
    if both is None or both.dtype != torch.bool:
        return both
    return torch.where(both, 0.0, -torch.inf).to(like.dtype)


def flash_cpu_backward(
    q: Tensor, k: Tensor, v: Tensor, do: Tensor, o: Tensor, lse: Tensor, mask: Mask = None, bias: Mask = None, **other: Any
) -> Tuple[Tensor, Tensor, Tensor]:
    """dq, dk, dv from the o and lse of this call, or of a larger attention that it is a block of."""
    is_causal, scale = other.get("is_causal", False), other.get("scale")
    return _flash_backward(do, q, k, v, o, lse, 0.0, is_causal, attn_mask=added_mask(mask, bias, q), scale=scale)


@kernel(
    **FLASH,
    device="cpu",
    dtypes=["f32", "f64", *HALVES],
    outputs=["o", "lse"],
    backward=flash_cpu_backward,
    block_backward=True,
    grouped=False,
    e="=d",
    numeric=FLASH_NUMERIC,
    **{**COMMON, "dialect": {**DIALECT, "emptyLse": "zero"}},
    **MASKED,
)
def flash_cpu(
    q, k, v, mask: Mask = None, bias: Mask = None, is_causal: bool = False, scale: Optional[float] = None
) -> Tuple[Tensor, Tensor]:
    """o, and lse [b, h, m] in float32, or float64 for float64."""
    return _flash(q, k, v, 0.0, is_causal, attn_mask=added_mask(mask, bias, q), scale=scale)


flash = flash_cuda if torch.cuda.is_available() else flash_cpu
