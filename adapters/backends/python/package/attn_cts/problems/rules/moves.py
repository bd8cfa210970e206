"""Operations that move elements, or make them from nothing: nothing is rounded."""

from __future__ import annotations

from typing import Any

import torch
from torch.utils._pytree import tree_map

from ..bounded import Bounded, Call, Choice, plain, rule


def _is_ours(value: Any) -> bool:
    return isinstance(value, (Bounded, Choice))


@rule(
    "view", "_unsafe_view", "reshape", "permute", "transpose", "t", "expand", "slice", "select", "squeeze", "unsqueeze",
    "cat", "stack", "split", "split_with_sizes", "chunk", "unbind", "index", "index_select", "gather", "clone", "alias", "detach",
    "lift_fresh_copy", "lift_fresh", "as_strided", "flip", "roll", "repeat", "diagonal", "tril", "triu", "select_scatter",
    "slice_scatter", "view_copy", "permute_copy", "expand_copy", "slice_copy", "select_copy", "squeeze_copy",
    "unsqueeze_copy", "transpose_copy", "t_copy", "unbind_copy", "split_copy", "split_with_sizes_copy", "diagonal_copy",
    "detach_copy", "alias_copy", "as_strided_copy", "unfold", "unfold_copy", "index_put", "scatter", "_reshape_alias", "pixel_shuffle", "view_as",
    "repeat_interleave", "im2col",
)  # fmt: skip
def moved(call: Call, *arguments: Any, **keywords: Any) -> Any:
    """The operation, of values and of errors alike."""
    values = call.function(*_values(arguments), **_values(keywords))
    errors = call.function(*_errors(arguments), **_errors(keywords))
    return _paired(values, errors)


def _values(given: Any) -> Any:
    return tree_map(plain, given, is_leaf=_is_ours)


def _errors(given: Any) -> Any:
    """Errors in place of values; indices and masks stay, and a number that is moved has no error."""

    def error(x: Any) -> Any:
        if isinstance(x, Bounded):
            return x.error
        return 0.0 if isinstance(x, float) else plain(x)

    return tree_map(error, given, is_leaf=_is_ours)


def _paired(values: Any, errors: Any) -> Any:
    if isinstance(values, torch.Tensor):
        return Bounded(values, errors) if values.is_floating_point() else values
    return [_paired(value, error) for value, error in zip(values, errors)]


@rule("constant_pad_nd")
def padded(call: Call, x: Bounded, pad: Any, value: float = 0.0) -> Bounded:
    return Bounded(call.function(x.value, pad, value), call.function(x.error, pad, 0.0))


@rule("embedding")
def embedding(call: Call, weight: Bounded, indices: Any, *rest: Any) -> Bounded:
    return Bounded(call.function(weight.value, indices, *rest), call.function(weight.error, indices, *rest))


@rule("full", "full_like", "zeros", "zeros_like", "ones", "ones_like", "new_zeros", "new_ones", "new_full", "scalar_tensor", "arange", "eye", "linspace")
def made(call: Call, *arguments: Any, **keywords: Any) -> Any:
    """Constants, rounded to the dtype that the reference makes them in."""
    found = call.function(*_values(arguments), **_values(keywords))
    if not call.dtype.is_floating_point:
        return found
    value = found.to(call.dtype).double()
    return Bounded(value, torch.zeros_like(value))


@rule("copy", "copy_")
def copied(call: Call, target: Any, source: Any, non_blocking: bool = False) -> Any:
    """The source in the shape of the target."""
    if not isinstance(source, Bounded):
        return call.function(*_values((target, source)))
    shape = _values(target).shape
    return call.rounded(source.value.expand(shape), source.error.expand(shape))


@rule("_to_copy", "convert_element_type", "to")
def converted(call: Call, x: Any, *rest: Any, **keywords: Any) -> Any:
    """A rounding to the new dtype; integers from numbers are unsure where an integer lies within the error."""
    if call.dtype.is_floating_point:
        if isinstance(x, Bounded):
            return call.rounded(x.value, x.error)
        value = _values(x).double()
        return call.rounded(value, torch.zeros_like(value), steps=1 if value.abs().amax(dim=None) > 1 / call.unit else 0) if value.numel() else Bounded(value, value)
    if not isinstance(x, Bounded):
        return Choice(x.value.to(call.dtype), x.unsure) if isinstance(x, Choice) else x.to(call.dtype)
    if call.dtype == torch.bool:
        return Choice(x.value != 0, (x.value.abs() <= x.error) & (x.error > 0))
    return Choice(x.value.trunc().to(call.dtype), (x.value - x.error).trunc() != (x.value + x.error).trunc())
