"""Sums over a dimension, and what is made of them: means, variances, softmax, norms."""

from __future__ import annotations

import math
from typing import Any, List, Optional, Tuple

import torch

from ..bounded import Bounded, Call, Tensor, bounded, plain, rule


def dims_of(x: Bounded, dim: Any) -> List[int]:
    found = list(range(x.value.dim())) if dim is None or dim == [] else [dim] if isinstance(dim, int) else list(dim)
    return [d % max(1, x.value.dim()) for d in found]


def terms_of(x: Bounded, dim: Any) -> int:
    return math.prod(x.shape[d] for d in dims_of(x, dim)) if x.value.dim() else 1


def total(x: Tensor, dim: Any, keepdim: bool) -> Tensor:
    return x.sum(dim, keepdim) if x.dim() else x


@rule("sum")
def summed(call: Call, x: Any, dim: Any = None, keepdim: bool = False, **_: Any) -> Any:
    if not call.dtype.is_floating_point:
        return call.function(plain(x), *([] if dim is None else [dim, keepdim]))
    x, n = bounded(x), terms_of(bounded(x), dim)
    dims = dims_of(x, dim)
    error = total(x.error, dims, keepdim) + call.gamma(n) * total(x.value.abs() + x.error, dims, keepdim)
    return call.rounded(total(x.value, dims, keepdim), error)


@rule("mean")
def mean(call: Call, x: Bounded, dim: Any = None, keepdim: bool = False, **_: Any) -> Bounded:
    n = terms_of(x, dim)
    found = summed(call, x, dim, keepdim)
    return call.rounded(found.value / n, found.error / n, steps=2)


@rule("cumsum")
def cumulated(call: Call, x: Any, dim: int, **_: Any) -> Any:
    if not call.dtype.is_floating_point:
        return call.function(plain(x), dim)
    x = bounded(x)
    # a scan stores its partial sums in the type of the result
    gamma = x.shape[dim] * call.unit / (1 - min(0.5, x.shape[dim] * call.unit)) if x.value.dim() else 0.0
    return call.rounded(x.value.cumsum(dim), x.error.cumsum(dim) + gamma * (x.value.abs() + x.error).cumsum(dim))


def _variance(call: Call, x: Bounded, dim: Any, correction: Optional[float], keepdim: bool) -> Tuple[Bounded, Bounded]:
    dims, n = dims_of(x, dim), terms_of(x, dim)
    middle = mean(call, x, dims, True)
    deviation = x.value - middle.value
    # how far a computed deviation from a computed mean may be
    off = x.error + middle.error + call.arithmetic.accumulate(call.dtype) * (x.value.abs() + middle.value.abs())
    count = n - (1 if correction is None else correction)
    value = total(deviation**2, dims, True) / count
    error = total(2 * deviation.abs() * off + off**2, dims, True) / count + call.gamma(n + 4) * value
    shape = total(x.value, dims, keepdim).shape
    return call.rounded(value.reshape(shape), error.reshape(shape)), Bounded(middle.value.reshape(shape), middle.error.reshape(shape))


@rule("var")
def variance(call: Call, x: Bounded, dim: Any = None, correction: Optional[float] = None, keepdim: bool = False) -> Bounded:
    return _variance(call, x, dim, _correction(correction), keepdim)[0]


@rule("var_mean")
def variance_and_mean(call: Call, x: Bounded, dim: Any = None, correction: Optional[float] = None, keepdim: bool = False) -> List[Bounded]:
    return list(_variance(call, x, dim, _correction(correction), keepdim))


def _correction(given: Any) -> Optional[float]:
    """An older overload says whether it is unbiased."""
    return None if given is None else float(given)


@rule("_softmax", "_safe_softmax")
def softmax(call: Call, x: Bounded, dim: int, *_: Any) -> Bounded:
    """p_i e^(δ_i − δ), where δ, an average of the errors of the scores, is at most the largest of them."""
    value = torch.softmax(x.value, dim)
    own = _own(call, x, dim)
    return call.rounded(value, torch.expm1(x.error + _largest(x, dim) + own + (value * own).sum(dim, True)) * value)


@rule("_log_softmax")
def log_softmax(call: Call, x: Bounded, dim: int, *_: Any) -> Bounded:
    value = torch.log_softmax(x.value, dim)
    return call.rounded(value, x.error + _largest(x, dim) + _own(call, x, dim), steps=2, scale=value.abs() + 1)


@rule("logsumexp")
def log_sum(call: Call, x: Bounded, dim: Any, keepdim: bool = False) -> Bounded:
    dims = dims_of(x, dim)
    value = torch.logsumexp(x.value, dims, keepdim)
    error = x.error.amax(dims, keepdim) + call.gamma(terms_of(x, dim) + 8)
    return call.rounded(value, error, steps=2, scale=value.abs() + x.value.amax(dims, keepdim).abs())


def _largest(x: Bounded, dim: int) -> Tensor:
    return x.error.amax(dim, True)


def _own(call: Call, x: Bounded, dim: int) -> Tensor:
    """Relative error of computed exponentials and their sum: each argument, a difference, is rounded twice."""
    distance = x.value - x.value.amax(dim, True)
    distance = torch.where(torch.isfinite(distance), distance.abs(), 0.0)
    return call.gamma(x.shape[dim] + 8) + 4 * call.arithmetic.accumulate(call.dtype) * distance


@rule("linalg_vector_norm")
def norm(call: Call, x: Bounded, order: float = 2, dim: Any = None, keepdim: bool = False, **_: Any) -> Bounded:
    """A norm of the errors is the largest change of the norm."""
    dims, n = dims_of(x, dim), terms_of(x, dim)
    value, error = (torch.linalg.vector_norm(y, order, dims, keepdim) for y in (x.value, x.error))
    return call.rounded(value, error + call.gamma(n + 4) * (value + error), steps=2)


@rule("prod")
def product(call: Call, x: Bounded, dim: Optional[int] = None, keepdim: bool = False, **_: Any) -> Bounded:
    """∏(|x| + e) − ∏|x|, and a rounding for each factor."""
    along = (lambda y: y.prod()) if dim is None else (lambda y: y.prod(dim, keepdim))
    size = along(x.value.abs())
    return call.rounded(along(x.value), along(x.value.abs() + x.error) - size, steps=terms_of(x, dim) + 1)


