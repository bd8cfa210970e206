"""diffusers' dispatch_attention_fn (https://github.com/huggingface/diffusers, Apache-2.0), by backend.

https://huggingface.co/docs/diffusers/optimization/attention_backends
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; attn_mask is boolean, true keeps, or added:
[b, 1|h, m, n], or [b, n] for padding; is_causal is top-left.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional

import torch
from attn_cts import Problem, kernel
from diffusers.models.attention_dispatch import dispatch_attention_fn
from torch_flash import EXP, FLASH_NUMERIC
from versions import version_of

Tensor = torch.Tensor
Mask = Optional[torch.Tensor]

torch.set_num_threads(min(2, torch.get_num_threads()))


def padding(problem: Problem) -> Mapping[str, Any]:
    """The mask of padding [b, n], as the models of the library give it."""
    lengths, n = problem.tensors["lengths"], problem.dims["n"]
    key = torch.arange(n)
    if problem.parameters["side"] == "right":
        return {"padding": key < lengths[:, None]}
    return {"padding": key >= n - lengths[:, None]}


def claims(name: str, **others: Any) -> Mapping[str, Any]:
    common = {"version": version_of("diffusers"), "framework": "torch", "device": "cpu", "layout": "blhd", "speed": "medium"}
    masks = {"causal": {"is_causal": True}, "padding": padding}
    return {"id": f"diffusers-{name}", **common, "masks": masks, "dense_mask": "boolean", "gradients": ["q", "k", "v", "bias"], **others}


def attend(backend: str, q: Tensor, k: Tensor, v: Tensor, mask: Mask, bias: Mask, padded: Mask, is_causal: bool, scale: Optional[float]) -> Tensor:
    if mask is not None and bias is not None:
        mask = torch.where(mask, bias, -torch.inf)
    elif mask is None:
        mask = bias if padded is None else padded
    grouped = {"enable_gqa": True} if q.size(2) != k.size(2) else {}
    return dispatch_attention_fn(q, k, v, attn_mask=mask, is_causal=is_causal, scale=scale, backend=backend, **grouped)


# one argument for a mask and a bias: "attn_mask" and is_causal exclude each other
ONE_MASK = [{"mask": {"name": name}, "options": {"bias": True}} for name in ("causal", "padding")]
FUSED = {"dtypes": ["f32", "f64", "f16", "bf16"], "excludes": ONE_MASK, "dialect": {"causal": "top-left", "maskedNaN": "leaks"}}
WIDE = {"f64": {"accumulate": "f64", "prescaledQ": True}, "f32": {"accumulate": "f32", "prescaledQ": True}}
HALVES = {"accumulate": "f32", "probabilities": "accumulate", "scoreGradients": "accumulate"}


@kernel(
    **claims("native", title="diffusers, attention backend native", **FUSED),
    # FLASH_ATTENTION, or MATH where the bias wants a gradient or v has heads of another size
    numeric={**FLASH_NUMERIC, "f32": {**FLASH_NUMERIC["f32"], "prescaledQ": True}},
)
def native(q, k, v, mask: Mask = None, bias: Mask = None, padding: Mask = None, is_causal: bool = False, scale: Optional[float] = None):
    return attend("native", q, k, v, mask, bias, padding, is_causal, scale)


@kernel(**claims("math", title="diffusers, attention backend _native_math", **FUSED), numeric={**WIDE, "f16": HALVES, "bf16": HALVES})
def math(q, k, v, mask: Mask = None, bias: Mask = None, padding: Mask = None, is_causal: bool = False, scale: Optional[float] = None):
    # this backend does not make a mask [b, n] one of four dimensions
    padding = None if padding is None else padding[:, None, None]
    return attend("_native_math", q, k, v, mask, bias, padding, is_causal, scale)


@kernel(
    # "FlexAttention does not support backward on CPU"
    **claims("flex", title="diffusers, attention backend flex", gradients=False),
    dtypes=["f32"],
    excludes=ONE_MASK,
    d=[2, 4, 8, 16, 32, 64, 128, 256],
    e=[2, 4, 8, 16, 32, 64, 128, 256],
    numeric={"accumulate": "f32", "exp": EXP},
    dialect={"causal": "top-left", "maskedNaN": "leaks"},
)
def flex(q, k, v, mask: Mask = None, bias: Mask = None, padding: Mask = None, is_causal: bool = False, scale: Optional[float] = None):
    return attend("flex", q, k, v, mask, bias, padding, is_causal, scale)
