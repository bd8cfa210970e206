"""Pieces that the glue of several sources shares: layouts, plain attention, and layers in whose place the tensors of a case are given."""

from __future__ import annotations

from typing import Any, Optional

import torch

Tensor = torch.Tensor
LEAKS = {"maskedNaN": "leaks"}
"""Dialect of code that multiplies hidden values with a weight of 0, as `attention` does."""
CACHE = dict(gradients=["q"], dialect=LEAKS)
"""Claims of attention on a cache of codes, by `attention`."""


def heads_last(x: Optional[Tensor]) -> Optional[Tensor]:
    """[b, h, n, …] as [b, n, h, …], and back."""
    return None if x is None else x.transpose(1, 2)


def shared(x: Tensor, like: Tensor) -> Tensor:
    """Key heads, each repeated for its query or value heads."""
    return x.repeat_interleave(like.shape[1] // x.shape[1], 1)


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor] = None, scale: Optional[float] = None) -> Tensor:
    """Softmax attention of PyTorch on keys and values that the code read from a cache, or under a mask that it made."""
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, mask, scale=scale, enable_gqa=True)


class Given(torch.nn.Module):
    """A layer that gives a value, or a function of what it is given, in place of the layer that the code makes."""

    def __init__(self, answer: Any):
        super().__init__()
        self.answer = answer

    def forward(self, *inputs: Any) -> Any:
        return self.answer(*inputs) if callable(self.answer) else self.answer


class Torch:
    """The module torch, some of whose functions a subclass has in place of its own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)
