"""Numbers with error bounds, and what rules are made of.

The bound of each element is that of a running error analysis: N. J. Higham, Accuracy and Stability
of Numerical Algorithms, 2nd edition, sections 3.3 and 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Tuple

import torch

Tensor = torch.Tensor


@dataclass
class Bounded:
    """Exact values, and how far a computed value may be from each: both float64, of one shape."""

    value: Tensor
    error: Tensor

    @property
    def dtype(self) -> torch.dtype:
        return self.value.dtype

    @property
    def shape(self) -> torch.Size:
        return self.value.shape


@dataclass
class Choice:
    """Booleans or integers, and those of them that another rounding would decide otherwise."""

    value: Tensor
    unsure: Tensor


@dataclass(frozen=True)
class Arithmetic:
    """What an implementation may round: results to the dtype of the node, sums in `accumulate`.

    tf32: the operands of float32 products are rounded to 11 bits, as on CUDA where PyTorch allows it.
    """

    tf32: bool = False

    def unit(self, dtype: torch.dtype) -> float:
        """Unit roundoff of a dtype: half its machine epsilon."""
        return torch.finfo(dtype).eps / 2 if dtype.is_floating_point else 0.0

    def accumulate(self, dtype: torch.dtype) -> float:
        """Unit roundoff of sums: halves are summed in float32."""
        return self.unit(torch.float64 if dtype == torch.float64 else torch.float32)

    def operand(self, dtype: torch.dtype) -> float:
        """Relative error of an operand of a product before it is multiplied."""
        return 2.0**-11 if self.tf32 and dtype == torch.float32 else 0.0


@dataclass(frozen=True)
class Call:
    """One ATen operation of the reference: its name, its function, and the dtype of its first output."""

    name: str
    function: Callable[..., Any]
    dtype: torch.dtype
    arithmetic: Arithmetic

    @property
    def unit(self) -> float:
        return self.arithmetic.unit(self.dtype)

    def rounded(self, value: Tensor, error: Tensor, steps: float = 1, scale: Any = None) -> Bounded:
        """A result whose error grows by some roundings, relative to `scale` or else to its value, and by the least number of the dtype."""
        size = value.abs() if scale is None else scale
        least = torch.finfo(self.dtype).tiny if self.dtype.is_floating_point else 0.0
        total = (error + steps * self.unit * (size + error) + least) if steps else error
        # a value that is infinite in exact arithmetic is so in every precision
        return Bounded(value, torch.where(torch.isinf(value), 0.0, total))

    def gamma(self, terms: float) -> float:
        """Relative error of a sum of so many terms, in any order: n·u / (1 − n·u)."""
        product = terms * self.arithmetic.accumulate(self.dtype)
        return product / (1 - product) if product < 0.5 else float("inf")


def times(a: Tensor, b: Tensor) -> Tensor:
    """Product of two sizes, in which zero times infinity is zero."""
    return torch.where((a == 0) | (b == 0), 0.0, a * b)


def bounded(value: Any) -> Bounded:
    """A number, or a tensor, without an error."""
    if isinstance(value, Bounded):
        return value
    if isinstance(value, Choice):
        value = value.value
    tensor = value.double() if isinstance(value, Tensor) else torch.tensor(float(value), dtype=torch.float64)
    return Bounded(tensor, torch.zeros_like(tensor))


def plain(value: Any) -> Any:
    """The exact value of an argument."""
    return value.value if isinstance(value, (Bounded, Choice)) else value


Rule = Callable[..., Any]
RULES: Dict[str, Rule] = {}
"""The rule of each ATen operation, by its name without `aten.` and overload: rule(call, *arguments, **keywords)."""


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Adds the rule of operations of these names."""

    def add(function: Rule) -> Rule:
        for name in names:
            if name in RULES:
                raise ValueError(f"{name} has a rule already")
            RULES[name] = function
        return function

    return add


def broadcast(*values: Bounded) -> Tuple[Bounded, ...]:
    """Values of one shape."""
    shape = torch.broadcast_shapes(*(x.shape for x in values))
    return tuple(Bounded(x.value.expand(shape), x.error.expand(shape)) for x in values)
