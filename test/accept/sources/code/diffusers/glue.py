"""GLIGEN's gated self-attention and the cross attention after it, as Diffusers computes them step by step."""

from __future__ import annotations

import types

import torch
from published import Source

Tensor = torch.Tensor
source = Source("diffusers")
_dense = source.take("diffusers/models/attention.py", "GatedSelfAttentionDense").GatedSelfAttentionDense
_layers = source.take("diffusers/models/attention_processor.py", "Attention", "AttnProcessor", logger=None)


def attention(wq: Tensor, wk: Tensor, wv: Tensor, wo: Tensor, scale: float):
    """A layer of given projections [h, from, to], and [h, from, to] of the outputs: its methods, without what it would be built with."""
    own = types.SimpleNamespace(heads=wq.shape[0], scale=scale, rescale_output_factor=1.0)
    for name in ("spatial_norm", "group_norm", "norm_cross", "residual_connection", "upcast_attention", "upcast_softmax"):
        setattr(own, name, None)
    for name in ("head_to_batch_dim", "batch_to_head_dim", "get_attention_scores", "prepare_attention_mask"):
        setattr(own, name, types.MethodType(getattr(_layers.Attention, name), own))
    for name, w in (("to_q", wq), ("to_k", wk), ("to_v", wv)):
        setattr(own, name, lambda x, w=w: x @ w.transpose(0, 1).flatten(1))
    own.to_out = [lambda x: x @ wo.flatten(0, 1), lambda x: x]
    return lambda x, context=None: _layers.AttnProcessor()(own, x, context)


@source.kernel("reground", fixed={"beta": 1, "parallel": 0}, gradients=True)
def reground(
    x: Tensor,
    ground: Tensor,
    text: Tensor,
    wq: Tensor,
    wk: Tensor,
    wv: Tensor,
    wo: Tensor,
    cq: Tensor,
    ck: Tensor,
    cv: Tensor,
    co: Tensor,
    gamma: Tensor,
    scale=None,
):
    """Norms, the projection of grounding tokens and the feed-forward between the two are left out."""
    scale = wq.shape[-1] ** -0.5 if scale is None else scale
    gate = types.SimpleNamespace(enabled=True, alpha_attn=gamma, alpha_dense=torch.zeros(()), attn=attention(wq, wk, wv, wo, scale))
    gate.linear = gate.norm1 = gate.norm2 = gate.ff = torch.nn.Identity()
    y = _dense.forward(gate, x, ground)
    return y + attention(cq, ck, cv, co, scale)(y, text)
