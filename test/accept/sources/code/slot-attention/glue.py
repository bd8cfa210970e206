"""Slot attention as lucidrains publishes it."""

from __future__ import annotations

from typing import Optional

import torch
from glue_parts import Given
from published import Source

Tensor = torch.Tensor
source = Source("slot-attention").on_path()
_slots = source.module("slot_attention/slot_attention.py")


def certain(means: Tensor):
    """Slots that begin at their means, without a deviation."""
    return {"slots_mu": means, "slots_logsigma": torch.full((1, 1, 1), -torch.inf, dtype=means.dtype)}


@source.kernel("slot", e="=d", gradients=True)
def slot(q: Tensor, k: Tensor, v: Tensor, scale: Optional[float] = None, eps: float = 1e-8):
    """Heads are batch entries."""
    heads = q.shape[1]
    k, v = (x.repeat_interleave(heads // x.shape[1], 1).flatten(0, 1) for x in (k, v))
    layer = _slots.SlotAttention(q.shape[2], q.shape[3], 1, eps)
    layer.scale = layer.scale if scale is None else scale
    layer.norm_input = layer.norm_slots = layer.norm_pre_ff = layer.to_q = torch.nn.Identity()
    layer.to_k, layer.to_v = Given(lambda x: k), Given(lambda x: x)
    layer.gru, layer.mlp = Given(lambda got, before: got), Given(torch.zeros_like)
    o = torch.func.functional_call(layer, certain(q.flatten(0, 1)), (v,))
    return o.unflatten(0, (-1, heads))


@source.kernel("slot-iterations", gradients=True)
def slot_iterations(
    x: Tensor,
    slots: Tensor,
    gain: Tensor,
    shift: Tensor,
    wq: Tensor,
    wk: Tensor,
    wv: Tensor,
    wi: Tensor,
    wh: Tensor,
    bi: Tensor,
    bh: Tensor,
    w1: Tensor,
    b1: Tensor,
    w2: Tensor,
    b2: Tensor,
    scale: Optional[float] = None,
    eps: float = 1e-8,
    normEps: float = 1e-5,
    steps: int = 3,
):
    d, zero = x.shape[-1], torch.zeros_like(b2)
    layer = _slots.SlotAttention(slots.shape[1], d, int(steps), eps, 1)
    layer.scale = layer.scale if scale is None else scale
    layer.norm_input.eps = layer.norm_slots.eps = layer.norm_pre_ff.eps = normEps
    given = certain(slots)
    for i, norm in enumerate(("norm_input", "norm_slots", "norm_pre_ff")):
        given.update({f"{norm}.weight": gain[i], f"{norm}.bias": shift[i]})
    for name, w in (("to_q", wq), ("to_k", wk), ("to_v", wv)):
        given.update({f"{name}.weight": w.T, f"{name}.bias": zero})
    for name, w, b in (("ih", wi, bi), ("hh", wh, bh)):
        given.update({f"gru.weight_{name}": w.mT.flatten(0, 1), f"gru.bias_{name}": b.flatten()})
    given.update({"mlp.0.weight": w1.T, "mlp.0.bias": b1, "mlp.2.weight": w2.T, "mlp.2.bias": b2})
    return torch.func.functional_call(layer, given, (x,))
