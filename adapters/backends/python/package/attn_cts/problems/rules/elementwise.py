"""Operations of one element of each argument."""

from __future__ import annotations

from typing import Any, Callable, Optional

import torch

from ..bounded import Bounded, Call, Tensor, bounded, broadcast, plain, rule, times

Function = Callable[[Tensor], Tensor]


@rule("add", "sub", "rsub")
def added(call: Call, a: Any, b: Any, alpha: float = 1, **_: Any) -> Bounded:
    x, y = broadcast(bounded(a), bounded(b))
    if call.name == "rsub":
        x, y = y, x
    part = abs(alpha) * y.value.abs()
    value = x.value + alpha * y.value if call.name == "add" else x.value - alpha * y.value
    return call.rounded(value, x.error + abs(alpha) * y.error, *((1, None) if alpha == 1 else (2, value.abs() + part)))


@rule("mul")
def multiplied(call: Call, a: Any, b: Any) -> Bounded:
    x, y = broadcast(bounded(a), bounded(b))
    error = times(x.value.abs(), y.error) + times(y.value.abs(), x.error) + times(x.error, y.error)
    return call.rounded(x.value * y.value, error)


@rule("addcmul")
def multiplied_and_added(call: Call, a: Bounded, b: Bounded, c: Bounded, value: float = 1) -> Bounded:
    product = multiplied(call, multiplied(call, b, c), value)
    x, y = broadcast(a, product)
    return call.rounded(x.value + y.value, x.error + y.error)


@rule("div")
def divided(call: Call, a: Any, b: Any, rounding_mode: Optional[str] = None) -> Bounded:
    x, y = broadcast(bounded(a), bounded(b))
    value = call.function(x.value, y.value, rounding_mode=rounding_mode) if rounding_mode else x.value / y.value
    room = y.value.abs() - y.error
    exact = (x.error == 0) & (y.error == 0)
    error = torch.where(room > 0, (x.error + times(value.abs(), y.error)) / room, torch.inf)
    # a reciprocal that is multiplied: two roundings
    found = call.rounded(value, torch.where(exact, 0.0, error), steps=2)
    if rounding_mode:
        unsure = (x.value / y.value - found.error).floor() != (x.value / y.value + found.error).floor()
        found = Bounded(value, torch.where(unsure, 1.0, 0.0))
    return found


@rule("neg", "abs", "relu", "clamp", "clamp_min", "clamp_max", "hardtanh", "relu6", "leaky_relu", "elu", "hardsigmoid", "threshold")
def of_slope_one(call: Call, x: Any, *rest: Any, **keywords: Any) -> Bounded:
    """Functions whose slope is at most one; some round once or twice."""
    x = bounded(x)
    value = call.function(x.value, *map(plain, rest), **keywords)
    return call.rounded(value, x.error, steps=4, scale=torch.maximum(value.abs(), times(x.value.abs(), (value != x.value) & (value != -x.value) & (value != 0))))


@rule("maximum", "minimum", "fmax", "fmin")
def larger(call: Call, a: Any, b: Any) -> Bounded:
    x, y = broadcast(bounded(a), bounded(b))
    return call.rounded(call.function(x.value, y.value), torch.maximum(x.error, y.error), steps=0)


def monotone(call: Call, function: Function, x: Bounded, steps: float, scale: Optional[Function] = None) -> Bounded:
    """A function that only rises or only falls: its values at the ends of the interval bound it."""
    value = function(x.value)
    ends = [(function(x.value + sign * x.error) - value).abs() for sign in (1, -1)]
    error = torch.where(x.error == 0, 0.0, torch.maximum(*ends))
    return call.rounded(value, error, steps, None if scale is None else scale(x.value))


# roundings, and what they are relative to: an exponential loses the bits of its argument, and 1 + erf(x) those of a small sum
MONOTONE = {
    "exp": (4, lambda x: x.exp() * torch.where(torch.isinf(x), 1.0, 1 + x.abs())),
    "exp2": (4, lambda x: x.exp2() * torch.where(torch.isinf(x), 1.0, 1 + x.abs())),
    "expm1": (4, lambda x: x.expm1().abs() * (1 + x.abs().clamp(max=1e3)) + x.abs().clamp(max=1.0)),
    "sigmoid": (8, lambda x: torch.sigmoid(x) * (1 + x.abs().clamp(max=1e3))),
    "tanh": (6, lambda x: torch.ones_like(x)),
    "erf": (6, lambda x: x.abs().clamp(max=1.0)),
    "log": (4, lambda x: x.log().abs() + 1),
    "log2": (4, lambda x: x.log2().abs() + 1),
    "log10": (4, lambda x: x.log10().abs() + 1),
    "log1p": (4, lambda x: x.log1p().abs() + x.abs().clamp(max=1.0)),
    "sqrt": (2, None),
    "rsqrt": (4, None),
    "reciprocal": (2, None),
    "atan": (4, None),
    "softplus": (6, lambda x: x.abs() + 1),
}


def _add_monotone(name: str) -> None:
    steps, scale = MONOTONE[name]

    def of(call: Call, x: Any, *rest: Any, **keywords: Any) -> Bounded:
        return monotone(call, lambda y: call.function(y, *rest, **keywords), bounded(x), steps, scale)

    rule(name)(of)


for _name in MONOTONE:
    _add_monotone(_name)

# the steepest slope of each, rounded up
LIPSCHITZ = {"sin": 1.0, "cos": 1.0, "gelu": 1.13, "silu": 1.1, "mish": 1.09, "hardswish": 1.5}


def _add_lipschitz(name: str) -> None:
    def of(call: Call, x: Any, *rest: Any, **keywords: Any) -> Bounded:
        x = bounded(x)
        value = call.function(x.value, *rest, **keywords)
        return call.rounded(value, LIPSCHITZ[name] * x.error, steps=8, scale=x.value.abs().clamp(max=1e4) if name not in ("sin", "cos") else 1 + x.value.abs())

    rule(name)(of)


for _name in LIPSCHITZ:
    _add_lipschitz(_name)


@rule("pow")
def power(call: Call, a: Any, b: Any) -> Bounded:
    """Of a positive base by the ends of its interval; of any base by multiplication where the exponent is a small whole number."""
    exponent = plain(b)
    if isinstance(exponent, (int, float)) and float(exponent).is_integer() and 1 <= exponent <= 4:
        x = found = bounded(a)
        for _ in range(int(exponent) - 1):
            found = multiplied(call, found, x)
        return found
    x, y = broadcast(bounded(a), bounded(b))
    value = x.value.pow(y.value)
    corners = [((x.value + s * x.error).clamp(min=0).pow(y.value + t * y.error) - value).abs() for s in (1, -1) for t in (1, -1)]
    error = torch.stack(corners).amax(0)
    error = torch.where((x.error == 0) & (y.error == 0), 0.0, torch.where(x.value - x.error < 0, torch.inf, error))
    return call.rounded(value, error, 4, value.abs() * (1 + times(y.value.abs(), x.value.abs().clamp(min=1e-300).log().abs())))


@rule("floor", "ceil", "round", "trunc", "sign", "sgn")
def stepped(call: Call, x: Any, *rest: Any, **keywords: Any) -> Bounded:
    """Steps: the error is the jump between the ends of the interval."""
    x = bounded(x)
    value, high, low = (call.function(x.value + s * x.error, *rest, **keywords) for s in (0, 1, -1))
    return call.rounded(value, torch.maximum((high - value).abs(), (value - low).abs()), steps=0)
