"""PaddlePaddle's scaled_dot_product_attention (https://github.com/PaddlePaddle/Paddle, Apache-2.0) on the CPU.

https://www.paddlepaddle.org.cn/documentation/docs/en/api/paddle/nn/functional/scaled_dot_product_attention_en.html
q [b, m, hk*g, d], k [b, n, hk, d], v [b, n, hk, e]; attn_mask is boolean, true keeps, or added;
is_causal is top-left.
"""

from __future__ import annotations

from typing import Mapping, Optional

import numpy as np
import paddle
from attn_cts import kernel
from versions import version_of

Array = np.ndarray

paddle.set_device("cpu")


def one_mask(mask: Optional[Array], bias: Optional[paddle.Tensor]) -> Optional[paddle.Tensor]:
    if mask is None:
        return bias
    kept = paddle.to_tensor(mask)
    return kept if bias is None else paddle.where(kept, bias, paddle.full_like(bias, -np.inf))


def attended(given: Mapping[str, paddle.Tensor], mask: Optional[Array], is_causal: bool, scale: Optional[float]) -> paddle.Tensor:
    both = one_mask(mask, given.get("bias"))
    return paddle.nn.functional.scaled_dot_product_attention(
        given["q"], given["k"], given["v"], attn_mask=both, is_causal=is_causal, scale=scale
    )


def tensors(gradients: bool, **named: Optional[Array]) -> Mapping[str, paddle.Tensor]:
    return {name: paddle.to_tensor(x, stop_gradient=not gradients) for name, x in named.items() if x is not None}


def backward(
    q: Array, k: Array, v: Array, do: Array, mask: Optional[Array] = None, bias: Optional[Array] = None, is_causal: bool = False,
    scale: Optional[float] = None,
) -> Mapping[str, Array]:
    leaves = tensors(True, q=q, k=k, v=v, bias=bias)
    found = paddle.grad(attended(leaves, mask, is_causal, scale), list(leaves.values()), paddle.to_tensor(do))
    return {f"d{name}": gradient.numpy() for name, gradient in zip(leaves, found)}


@kernel(
    id="paddlepaddle",
    title="PaddlePaddle scaled_dot_product_attention",
    version=version_of("paddlepaddle"),
    framework="numpy",
    layout="blhd",
    dtypes=["f32"],
    masks={"causal": {"is_causal": True}},
    dense_mask="both",
    # "the causal mask should not be provided, otherwise the provided mask will be ignored"
    excludes=[{"mask": {"name": "causal"}, "options": {"bias": True}}],
    gradients=["q", "k", "v", "bias"],
    backward=backward,
    numeric={"accumulate": "f32"},
    dialect={"causal": "top-left", "emptyOutput": "nan", "maskedNaN": "leaks"},
)
def attention(
    q: Array, k: Array, v: Array, mask: Optional[Array] = None, bias: Optional[Array] = None, is_causal: bool = False, scale: Optional[float] = None
) -> Array:
    return attended(tensors(False, q=q, k=k, v=v, bias=bias), mask, is_causal, scale).numpy()
