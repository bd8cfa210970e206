"""Naive forms of flash-linear-attention, with which its Triton kernels are compared."""

from __future__ import annotations

from typing import Optional

import torch
from published import Source

Tensor = torch.Tensor
fla = Source("fla-core").on_path()
STATES = dict(outputs=["o", "state"], gradients=True)


def heads_last(x: Optional[Tensor]) -> Optional[Tensor]:
    """[b, h, n, …] as [b, n, h, …], and back."""
    return None if x is None else x.transpose(1, 2)


_kda = fla.module("fla/ops/kda/naive.py")


@fla.kernel("kda", **STATES)
def kda(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None, scale: Optional[float] = None):
    given = (heads_last(x) for x in (q, k, v, gate, beta))
    o, state = _kda.naive_recurrent_kda(*given, scale=scale, initial_state=initial, output_final_state=True)
    return heads_last(o), state


_delta = fla.module("fla/ops/delta_rule/naive.py")


@fla.kernel("delta", grouped=False, **STATES)
def delta(q: Tensor, k: Tensor, v: Tensor, beta: Tensor, initial: Optional[Tensor] = None):
    return _delta.delta_rule_recurrence(q, k, v, beta, initial_state=initial)
