"""Attention layers of timm, without their projections."""

from __future__ import annotations

from typing import Optional

import torch
from glue_parts import Given, shared
from published import Source

Tensor = torch.Tensor
timm = Source("timm")
# an image model's configuration is not here: scores are computed step by step
_plain = dict(use_fused_attn=lambda: False, register_notrace_function=lambda function: function)
_layers = timm.take("timm/layers/attention.py", "Attention", "maybe_add_mask", "resolve_self_attn_mask", **_plain)
_shared = dict(maybe_add_mask=_layers.maybe_add_mask, resolve_self_attn_mask=_layers.resolve_self_attn_mask, **_plain)
_rms = timm.take("timm/layers/fast_norm.py", "rms_norm").rms_norm
_differential = timm.take("timm/layers/diff_attention.py", "DiffAttention", RmsNorm=lambda *sizes, **more: torch.nn.Identity(), **_shared)
_cait = timm.take("timm/models/cait.py", "TalkingHeadAttn")


def rows(x: Tensor) -> Tensor:
    """[b, h, n, d] as [b, n, h · d]."""
    return x.transpose(1, 2).flatten(2)


def attended(q: Tensor, k: Tensor, v: Tensor, causal, scale, **norms) -> Tensor:
    """Through a layer that has queries, keys and values of one size; there are as many queries as keys."""
    h, n, d = q.shape[1:]
    k, v = (shared(x, q) for x in (k, v))
    layer = _layers.Attention(h * d, h, device="meta")
    layer.scale = layer.scale if scale is None else scale
    layer.qkv, layer.proj = Given(torch.cat([rows(q), rows(k), rows(v)], -1)), torch.nn.Identity()
    for name, answer in norms.items():
        setattr(layer, name, Given(answer))
    return layer(rows(q), None, causal).unflatten(2, (h, d)).transpose(1, 2)


SELF = dict(m="=n", e="=d", gradients=True, dialect={"maskedNaN": "leaks"})


@timm.kernel("qk-rms-norm", **SELF)
def qk_rms_norm(
    q: Tensor, k: Tensor, v: Tensor, gq: Tensor, gk: Tensor, causal: bool = False, scale: Optional[float] = None, eps: float = 1e-6
):
    d = q.shape[-1:]
    return attended(q, k, v, causal, scale, q_norm=lambda x: _rms(x, d, gq, eps), k_norm=lambda x: _rms(x, d, gk, eps))


@timm.kernel("gated-output", **SELF)
def gated_output(q: Tensor, k: Tensor, v: Tensor, z: Tensor, causal: bool = False, scale: Optional[float] = None):
    return attended(q, k, v, causal, scale, gate=rows(z))


@timm.kernel("differential", names={"lambda": "share"}, **SELF)
def differential(
    q: Tensor, k: Tensor, q2: Tensor, k2: Tensor, v: Tensor, share: Tensor, causal: bool = False, scale: Optional[float] = None
):
    """Values there are twice as wide as keys: the other half is zeros."""
    h, n, d = q.shape[1:]
    k, k2, v = (shared(x, q) for x in (k, k2, v))
    layer = _differential.DiffAttention(2 * h * d, h, device="meta")
    layer.scale = layer.scale if scale is None else scale
    layer.lambda_init, layer._compute_lambda = 0.0, lambda: share[:, None, None]
    both = (torch.cat([q, q2], -1), torch.cat([k, k2], -1), torch.nn.functional.pad(v, (0, d)))
    layer.qkv, layer.proj = Given(torch.cat([rows(x) for x in both], -1)), torch.nn.Identity()
    return layer(rows(both[0]), None, causal).unflatten(2, (h, 2 * d)).transpose(1, 2)[..., :d]


@timm.kernel("talking-heads", m="=n", e="=d", limits={"a": "=hk", "c": "=hk"}, gradients=True)
def talking_heads(q: Tensor, k: Tensor, v: Tensor, before: Tensor, after: Tensor, scale: Optional[float] = None):
    h, n, d = q.shape[1:]
    layer = _cait.TalkingHeadAttn(h * d, h, device="meta")
    layer.scale = layer.scale if scale is None else scale
    layer.qkv, layer.proj = Given(torch.cat([rows(q), rows(k), rows(v)], -1)), torch.nn.Identity()
    zero = torch.zeros(h)
    given = {"proj_l.weight": before.T, "proj_l.bias": zero, "proj_w.weight": after.T, "proj_w.bias": zero}
    return torch.func.functional_call(layer, given, (rows(q),)).unflatten(2, (h, d)).transpose(1, 2)[:, :, None]
