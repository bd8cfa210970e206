"""Sums of products: matrix products and convolutions."""

from __future__ import annotations

import math
from typing import Any, Callable, Optional

import torch

from ..bounded import Bounded, Call, Tensor, bounded, rule
from .elementwise import added
from .sums import softmax


def product(call: Call, of: Callable[[Tensor, Tensor], Tensor], a: Bounded, b: Bounded, terms: int) -> Bounded:
    """A function that is linear in both arguments, each of whose elements is a sum of so many products, in any order.

    |δ| ≤ |a|·e(b) + e(a)·|b| + e(a)·e(b) + (γ(terms + 2) + what rounding the operands costs)·|a|·|b|, and one rounding of the result.
    """
    x, y = a.value.abs(), b.value.abs()
    lost = 2 * call.arithmetic.operand(call.dtype) * (1 + call.arithmetic.operand(call.dtype))
    if call.unit > call.arithmetic.accumulate(call.dtype):
        # libraries split a long sum of halves, and add the parts as halves: up to a part for each 64 terms
        lost += call.unit * math.log2(2 + terms)
    # the errors of both go in with the sizes: three products in place of four
    size = of(x + a.error, y + b.error)
    error = of(x, b.error) + of(a.error, y + b.error) + (call.gamma(terms + 2) + lost) * size
    return call.rounded(of(a.value, b.value), error)


@rule("mm", "bmm", "mv", "dot", "matmul")
def matrices(call: Call, a: Bounded, b: Bounded) -> Bounded:
    return product(call, call.function, a, b, a.shape[-1])


@rule("addmm", "baddbmm", "addmv")
def added_matrices(call: Call, c: Bounded, a: Bounded, b: Bounded, *, beta: float = 1, alpha: float = 1) -> Bounded:
    found = product(call, lambda x, y: x @ y, a, b, a.shape[-1])
    error = abs(alpha) * found.error + abs(beta) * c.error
    value = beta * c.value + alpha * found.value
    return call.rounded(value, error, steps=3, scale=abs(beta) * c.value.abs() + abs(alpha) * found.value.abs())


@rule("convolution", "_convolution", "conv1d", "conv2d", "conv3d")
def convolved(call: Call, x: Bounded, weight: Bounded, bias: Optional[Bounded], stride: Any, padding: Any, dilation: Any, transposed: bool, *rest: Any) -> Bounded:
    terms = math.prod(weight.shape[2:]) * (x.shape[1] if transposed else weight.shape[1])

    def of(a: Tensor, b: Tensor) -> Tensor:
        return call.function(a, b, None, stride, padding, dilation, transposed, *rest)

    found = product(call, of, x, weight, terms)
    if bias is None:
        return found
    shape = (1, -1, *[1] * (len(found.shape) - 2))
    b, e = bias.value.reshape(shape), bias.error.reshape(shape)
    return call.rounded(found.value + b, found.error + e, steps=2, scale=found.value.abs() + b.abs() )


@rule("_scaled_dot_product_flash_attention_for_cpu", "_scaled_dot_product_attention_math", "scaled_dot_product_attention")
def attention(
    call: Call, q: Bounded, k: Bounded, v: Bounded, *rest: Any, attn_mask: Any = None, is_causal: bool = False, scale: Optional[float] = None, **_: Any
) -> Any:
    """Scores and weights may be stored in the dtype of q, as PyTorch's kernels for halves do; a tensor for o, and none for the LSE."""
    flags = [x for x in rest if isinstance(x, bool)]
    causal = is_causal or (bool(flags) and flags[0])
    factor = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    scores = product(call, lambda x, y: x @ y.transpose(-1, -2), q, k, q.shape[-1])
    scores = call.rounded(factor * scores.value, abs(factor) * scores.error, steps=4)
    if attn_mask is not None:
        scores = added(Call("add", call.function, call.dtype, call.arithmetic), scores, attn_mask)
    if causal:
        hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).tril().logical_not()
        scores = Bounded(scores.value.masked_fill(hidden, -torch.inf), scores.error.masked_fill(hidden, 0.0))
    return [product(call, torch.matmul, softmax(call, scores, -1), v, v.shape[-2]), bounded(float("nan"))]
