"""Attention of x-transformers, with the options that documents have."""

from __future__ import annotations

from typing import Optional

import torch
from published import Source

Tensor = torch.Tensor
source = Source("x-transformers").on_path()
# its module alone; only the version of PyTorch is read with `packaging`
_attend = source.module("x_transformers/attend.py").Attend


ATTEND = dict(dialect={"maskedNaN": "leaks"}, grouped=False)
# a cap goes over the bias there, and over the scores alone here
CAPPED = [{"options": {"softcap": True, "bias": True}}, {"options": {"softcap": True, "alibi": True}}]


@source.kernel("softmax", gradients=["q", "k", "v", "bias", "sink"], excludes=CAPPED, **ATTEND)
def softmax(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Optional[Tensor] = None,
    scale: Optional[float] = None,
    softcap: Optional[float] = None,
    bias: Optional[Tensor] = None,
    sink: Optional[Tensor] = None,
):
    capped = {} if softcap is None else {"softclamp_logits": True, "logit_softclamp_value": softcap}
    layer = _attend(heads=q.shape[1], scale=scale, head_learned_sink=sink is not None, **capped)
    return torch.func.functional_call(layer, {} if sink is None else {"head_attn_sink": sink}, (q, k, v, mask, bias))[0]


@source.kernel("sigmoid", gradients=True, **ATTEND)
def sigmoid(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Optional[Tensor] = None,
    scale: Optional[float] = None,
    sigmoidBias: float = 0.0,
):
    return _attend(scale=scale, sigmoid=True)(q, k, v, mask, torch.tensor(float(sigmoidBias)))[0]


@source.kernel(
    "talking-heads", dense_mask_shapes=["b 1 m n"], limits={"a": "=hk", "c": "=hk"}, gradients=True, dialect={"maskedNaN": "leaks"}
)
def talking_heads(
    q: Tensor, k: Tensor, v: Tensor, before: Tensor, after: Tensor, mask: Optional[Tensor] = None, scale: Optional[float] = None
):
    """Mixed scores are added to the scores there: the unit matrix is taken off the mixing."""
    h = q.shape[1]
    layer = _attend(heads=h, scale=scale, pre_talking_heads=True, post_talking_heads=True)
    mixed = {"pre_softmax_talking_heads.weight": (before.T - torch.eye(h)), "post_softmax_talking_heads.weight": after.T}
    return torch.func.functional_call(layer, {name: w[:, :, None, None] for name, w in mixed.items()}, (q, k, v, mask))[0][:, :, None]
