"""RG-LRU of RecurrentGemma's PyTorch code."""

from __future__ import annotations

import types
from typing import Optional

import torch
from published import Source

Tensor = torch.Tensor
gemma = Source("recurrentgemma").on_path()
# types of arguments are only written down there
_typing = types.SimpleNamespace(typed=lambda function: function)
_layers = gemma.take(
    "recurrentgemma/torch/layers.py",
    "RGLRU",
    "BlockDiagonalLinear",
    "rnn_scan",
    "rnn_param_init",
    "SqrtBoundDerivative",
    "_MAX_SQRT_GRADIENT",
    at=_typing,
)


@gemma.kernel("rg-lru", outputs=["o", "state"], gradients=True)
def rg_lru(
    x: Tensor,
    wa: Tensor,
    ba: Tensor,
    wx: Tensor,
    bx: Tensor,
    rate: Tensor,
    starts: Optional[Tensor] = None,
    initial: Optional[Tensor] = None,
):
    b, h, n, e = x.shape
    layer = _layers.RGLRU(h * e, h)
    given = {"a_param": rate.flatten(), "input_gate.w": wx, "input_gate.b": bx, "a_gate.w": wa, "a_gate.b": ba}
    # a token of place 0 starts a segment
    places = torch.ones(b, n, dtype=torch.long) if starts is None else (~starts).long()
    cache = None if initial is None else initial.flatten(1)
    y, state = torch.func.functional_call(layer, given, (x.transpose(1, 2).flatten(2), places, cache))
    return y.unflatten(2, (h, e)).transpose(1, 2), state.unflatten(1, (h, e))
