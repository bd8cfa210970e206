"""Linear attention of its authors' package, and its recurrent form, which needs no compiled code."""

from __future__ import annotations

import types

import torch
from glue_parts import shared
from published import Source

Tensor = torch.Tensor
source = Source("fast-transformers")
FOLDER = "pytorch-fast-transformers-0.4.0/fast_transformers/"
_maps = source.take(f"{FOLDER}feature_maps/base.py", "FeatureMap", "ActivationFunctionFeatureMap", "elu_feature_map")
# events are for those who log
_given = {"elu_feature_map": _maps.elu_feature_map, "EventDispatcher": types.SimpleNamespace(get=lambda name: None)}
_full = source.take(f"{FOLDER}attention/linear_attention.py", "LinearAttention", **_given)
_state = source.take(f"{FOLDER}recurrent/_utils.py", "check_state").check_state
_chain = source.take(
    f"{FOLDER}recurrent/attention/self_attention/linear_attention.py", "RecurrentLinearAttention", check_state=_state, **_given
)


def same_heads(q: Tensor, *rest: Tensor):
    """All as [b, n, h, …], of query heads."""
    return [shared(x, q).transpose(1, 2) for x in (q, *rest)]


@source.kernel("linear", gradients=True)
def linear(q: Tensor, k: Tensor, v: Tensor, eps: float = 1e-6):
    layer = _full.LinearAttention(q.shape[-1], eps=eps)
    every, lengths = types.SimpleNamespace(all_ones=True), types.SimpleNamespace(float_matrix=torch.ones(k.shape[0], k.shape[2]))
    return layer(*same_heads(q, k, v), every, None, lengths).transpose(1, 2)


@source.kernel("linear-causal", gradients=True)
def linear_causal(q: Tensor, k: Tensor, v: Tensor, eps: float = 1e-6):
    layer, state, rows = _chain.RecurrentLinearAttention(q.shape[-1], eps=eps), None, []
    for query, key, value in zip(*(x.unbind(1) for x in same_heads(q, k, v))):
        row, state = layer(query, key, value, state)
        rows.append(row)
    return torch.stack(rows, 2)
