"""Comparisons, selections by a condition, orders and maxima."""

from __future__ import annotations

from typing import Any, List, Optional

import torch

from ..bounded import Bounded, Call, Choice, Tensor, bounded, broadcast, plain, rule
from .elementwise import larger
from .sums import dims_of


def _unsure(x: Any) -> Tensor:
    return x.unsure if isinstance(x, Choice) else torch.zeros_like(plain(x), dtype=torch.bool) if isinstance(x, Tensor) else torch.tensor(False)


def _choice(value: Tensor, unsure: Tensor) -> Any:
    """A choice; plain booleans where every one is sure."""
    return Choice(value, unsure.expand(value.shape)) if bool(unsure.any()) else value


@rule("eq", "ne", "lt", "le", "gt", "ge")
def compared(call: Call, a: Any, b: Any) -> Any:
    """Unsure where the two differ by no more than their errors."""
    value = call.function(plain(a), plain(b))
    x, y = broadcast(bounded(a), bounded(b))
    errors = x.error + y.error
    return _choice(value, (errors > 0) & ~((x.value - y.value).abs() > errors) | _unsure(a) | _unsure(b))


@rule("logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor")
def combined(call: Call, a: Any, b: Any) -> Any:
    return _choice(call.function(plain(a), plain(b)), _unsure(a) | _unsure(b))


@rule("logical_not", "bitwise_not")
def inverted(call: Call, a: Any) -> Any:
    return _choice(call.function(plain(a)), _unsure(a))


@rule("any", "all")
def of_all(call: Call, a: Any, dim: Any = None, keepdim: bool = False) -> Any:
    rest = [] if dim is None else [dim, keepdim]
    unsure = _unsure(a)
    return _choice(call.function(plain(a), *rest), unsure.any() if dim is None else unsure.any(dim, keepdim))


@rule("isnan", "isinf", "isfinite")
def inspected(call: Call, a: Any) -> Any:
    return call.function(plain(a))


@rule("where")
def where(call: Call, condition: Any, a: Any, b: Any) -> Any:
    """One of two; where the condition is unsure, either."""
    if not call.dtype.is_floating_point:
        return _choice(torch.where(plain(condition), plain(a), plain(b)), _unsure(condition) | _unsure(a) | _unsure(b))
    x, y = broadcast(bounded(a), bounded(b))
    value, error = torch.where(plain(condition), x.value, y.value), torch.where(plain(condition), x.error, y.error)
    if isinstance(condition, Choice):
        either = (x.value - y.value).abs() + torch.maximum(x.error, y.error)
        error = torch.where(condition.unsure, either, error)
    return call.rounded(value, error, steps=0)


@rule("masked_fill")
def filled(call: Call, x: Any, mask: Any, value: Any) -> Any:
    return where(call, mask, value, x)


@rule("amax", "amin")
def extreme(call: Call, x: Bounded, dim: Any = None, keepdim: bool = False) -> Bounded:
    """A maximum moves by no more than the largest error."""
    dims = dims_of(x, dim)
    return call.rounded(call.function(x.value, dims, keepdim), x.error.amax(dims, keepdim), steps=0)


@rule("max", "min")
def extreme_and_place(call: Call, x: Bounded, dim: Any = None, keepdim: bool = False) -> Any:
    if dim is None:
        return call.rounded(call.function(x.value), x.error.amax(), steps=0)
    if isinstance(dim, (Bounded, Tensor)):
        return larger(call, x, dim)
    values, places = call.function(x.value, dim, keepdim)
    error = x.error.amax(dim, keepdim)
    return [call.rounded(values, error, steps=0), _places(x, places, dim, keepdim)]


@rule("argmax", "argmin")
def place(call: Call, x: Bounded, dim: Optional[int] = None, keepdim: bool = False) -> Any:
    return _places(x, call.function(x.value, dim, keepdim), dim, keepdim)


def _places(x: Bounded, places: Tensor, dim: Optional[int], keepdim: bool) -> Any:
    """A place is unsure where a second element is as near as the errors."""
    flat = x.value.reshape(-1) if dim is None else x.value.movedim(dim, -1)
    error = x.error.reshape(-1) if dim is None else x.error.movedim(dim, -1)
    at = places.reshape(flat.shape[:-1]).unsqueeze(-1)
    reach = flat.gather(-1, at)
    near = (flat - reach).abs() <= error + error.gather(-1, at)
    unsure = (near.sum(-1) > 1) & (error.amax(-1) > 0)
    return _choice(places, unsure.reshape(places.shape))


@rule("sort", "topk")
def ordered(call: Call, x: Bounded, *rest: Any, **keywords: Any) -> List[Any]:
    """Sorted values move by no more than the largest error; their places are unsure where a neighbour is near."""
    # sort(x, dim), topk(x, k, dim)
    before = 1 if call.name == "topk" else 0
    dim = keywords.get("dim", rest[before] if len(rest) > before else -1)
    values, places = call.function(x.value, *rest, **keywords)
    largest = x.error.amax(dim, True)
    moved = Bounded(values, largest.expand(values.shape).clone())
    others = x.value.movedim(dim, -1).sort(-1).values
    gaps = others.diff(dim=-1).amin(-1, keepdim=True).movedim(-1, dim) if x.shape[dim] > 1 else torch.full_like(largest, torch.inf)
    return [moved, _choice(places, ((gaps <= 2 * largest) & (largest > 0)).expand(places.shape))]


@rule("max_pool2d_with_indices", "max_pool3d_with_indices", "max_pool1d", "max_pool2d", "max_pool3d")
def pooled_maximum(call: Call, x: Bounded, *rest: Any, **keywords: Any) -> Any:
    """A maximum of each window, and the largest error of the window."""
    values, errors = call.function(x.value, *rest, **keywords), call.function(x.error, *rest, **keywords)
    if isinstance(values, Tensor):
        return Bounded(values, errors)
    unsure = torch.ones_like(values[1], dtype=torch.bool)
    return [Bounded(values[0], errors[0].clamp(min=0)), Choice(values[1], unsure)]


@rule("avg_pool1d", "avg_pool2d", "avg_pool3d", "_adaptive_avg_pool2d", "_adaptive_avg_pool3d", "adaptive_avg_pool1d")
def pooled_mean(call: Call, x: Bounded, *rest: Any, **keywords: Any) -> Bounded:
    """A mean of each window: no window has more terms than the tensor has places."""
    value, error, size = (call.function(y, *rest, **keywords) for y in (x.value, x.error, x.value.abs() + x.error))
    terms = rest[0] if rest and call.name.startswith("avg") else list(x.shape[2:])
    count = 1
    for extent in [terms] if isinstance(terms, int) else terms:
        count *= extent
    return call.rounded(value, error + call.gamma(count + 2) * size)


@rule("upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d")
def repeated(call: Call, x: Bounded, *rest: Any, **keywords: Any) -> Bounded:
    return Bounded(*(call.function(y, *rest, **keywords) for y in (x.value, x.error)))

