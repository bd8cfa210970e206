"""Attentions of Coqui TTS that move along a text."""

from __future__ import annotations

from typing import Optional

import torch
from published import Source

Tensor = torch.Tensor
tts = Source("coqui-tts").on_path()


class _NoPrior:
    """In place of scipy: the prior is given."""

    class stats:
        class betabinom:
            pmf = staticmethod(lambda places, *rest: [1.0] * len(places))


_attentions = tts.take("TTS/tts/layers/tacotron/attentions.py", "GravesAttention", "MonotonicDynamicConvolutionAttention", scipy=_NoPrior)


DCA = ["state", "v", "w", "shift", "make", "fixed", "fromFixed", "fromMade", "offset", "energy"]


@tts.kernel("dynamic-convolution", outputs=["o", "alphas", "end"], gradients=DCA)
def dynamic_convolution(
    state: Tensor,
    v: Tensor,
    w: Tensor,
    shift: Tensor,
    make: Tensor,
    fixed: Tensor,
    fromFixed: Tensor,
    fromMade: Tensor,
    offset: Tensor,
    energy: Tensor,
    prior: Tensor,
    start: Optional[Tensor] = None,
):
    """One call for each decoder state."""
    (r, f, t), c = make.shape, fixed.shape[0]
    layer = _attentions.MonotonicDynamicConvolutionAttention(state.shape[-1], v.shape[-1], r, c, t, f, t, len(prior))
    layer.init_states(v)
    layer.attention_weights = layer.attention_weights.to(v.dtype) if start is None else start
    given = {
        **{
            "query_layer.weight": w.T,
            "query_layer.bias": shift,
            "key_layer.weight": make.flatten(1).T,
            "static_filter_conv.weight": fixed[:, None],
        },
        **{"static_filter_layer.weight": fromFixed.T, "dynamic_filter_layer.weight": fromMade.T, "dynamic_filter_layer.bias": offset},
        **{"v.weight": energy[None], "prior": prior},
    }
    rows, alphas = [], []
    for query in state.unbind(1):
        rows.append(torch.func.functional_call(layer, given, (query, v, None, None)))
        alphas.append(layer.attention_weights)
    return torch.stack(rows, 1), torch.stack(alphas, 1), alphas[-1]


@tts.kernel("gmm", outputs=["o", "end"])
def gmm(weight: Tensor, step: Tensor, width: Tensor, v: Tensor, start: Optional[Tensor] = None):
    """One call for each query, of all heads, beyond the layers that make the parameters."""
    b, h, m, t = weight.shape
    v = v.repeat_interleave(h // v.shape[1], 1).flatten(0, 1)
    layer = _attentions.GravesAttention(1, t).eval()
    layer.init_states(v)
    layer.N_a = torch.nn.Identity()
    layer.mu_prev = layer.mu_prev if start is None else start.flatten(0, 1)
    made = torch.cat([weight, width, step], -1).flatten(0, 1)
    rows = [layer(made[:, i], v, None, None) for i in range(m)]
    return torch.stack(rows, 1).unflatten(0, (b, h)), layer.mu_prev.unflatten(0, (b, h))
