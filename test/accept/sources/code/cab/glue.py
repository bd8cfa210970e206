"""Modules of CAB, called behind their projections: their tensors are [b · h, n, d]."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Optional
from unittest import mock

import torch
from published import Source

Tensor = torch.Tensor
cab = Source("cab")
MODULES = "efficient-attention/efficient_attention/modules/"
CLAIMS = dict(gradients=True, grouped=False)
BASES = dict(MultiheadAttention=torch.nn.Module, AbstractAttention=torch.nn.Module)


def bare(kind: type, **fields):
    """Object of a module's class with the fields that its methods read, without its constructor."""
    made = kind.__new__(kind)
    torch.nn.Module.__init__(made)
    made.__dict__.update(fields)
    return made


def apart(o: Tensor, q: Tensor) -> Tensor:
    """[b · h, m, e] as [b, h, m, e]."""
    return o.unflatten(0, q.shape[:2])


_abc = cab.take(MODULES + "abc.py", "ABC", **BASES)


@cab.kernel("abc-cab", **CLAIMS)
def abc_cab(q: Tensor, k: Tensor, v: Tensor, wk: Tensor, wv: Tensor):
    layer = SimpleNamespace(head_dim=q.shape[-1], num_heads=q.shape[1], causal=False, cross=False, compress_k=wk, compress_v=wv)
    return apart(_abc.ABC._apply_attention(layer, q.flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1), len(q))[0], q)


_performer = cab.take(MODULES + "performer.py", "Performer", "softmax_kernel", **BASES)


@cab.kernel("performer", **CLAIMS)
def performer(q: Tensor, k: Tensor, v: Tensor, omega: Tensor):
    layer = SimpleNamespace(head_dim=q.shape[-1], num_heads=q.shape[1], causal=False, training=False, eval_proj=omega)
    return apart(_performer.Performer._apply_attention(layer, q.flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1), len(q))[0], q)


_nystrom = cab.take(MODULES + "nystrom_attention.py", "NystromAttention", **BASES)


@cab.kernel("nystrom", **CLAIMS)
def nystrom(q: Tensor, k: Tensor, v: Tensor, landmarks: int = 4, steps: int = 6):
    layer = bare(_nystrom.NystromAttention, head_dim=q.shape[-1], num_heads=q.shape[1], num_landmarks=landmarks, conv=None)
    layer.iterative_inv = partial(layer.iterative_inv, n_iter=steps)
    # the code scales twice
    q = q * q.shape[-1] ** 0.5
    return apart(layer._apply_attention(q.flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1), len(q))[0], q)


_lara = cab.take(MODULES + "lara.py", "LinearRA", "prm_projection", **BASES)


@cab.kernel("lara", **CLAIMS)
def lara(q: Tensor, k: Tensor, v: Tensor, noise: Optional[Tensor] = None, landmarks: int = 4):
    layer = _lara.LinearRA(1, q.shape[-1], num_landmarks=landmarks).eval()
    rows, keys, values = (x.flatten(0, 1) for x in (q, k, v))
    mu, weights = layer.sample_weights(rows, keys)
    return apart(layer.compute_lara(rows, keys, values, mu, weights if noise is None else weights + noise.flatten(0, 1)), q)


_prob = cab.take(MODULES + "probsparse.py", "ProbAttention")


@cab.kernel("prob-sparse", **CLAIMS)
def prob_sparse(q: Tensor, k: Tensor, v: Tensor, at: Tensor, scale: Optional[float] = None, top: int = 2):
    layer = _prob.ProbAttention(causal=False)
    with mock.patch.object(torch, "randint", lambda *_: at.long()):
        scores, chosen = layer._prob_QK(q, k, at.shape[1], min(top, q.shape[2]))
    scores = scores * (q.shape[-1] ** -0.5 if scale is None else scale)
    return layer._update_context(layer._get_initial_context(v, q.shape[2]), v, scores, chosen, q.shape[2])[0]


_long_short = cab.take(MODULES + "transformer_ls.py", "AttentionLS", **BASES)


@cab.kernel("long-short", e="=d", **CLAIMS)
def long_short(q: Tensor, k: Tensor, v: Tensor, slots: Tensor, gain: Tensor, shift: Tensor, window: int = 4, eps: float = 1e-5):
    (b, h, n, d), few = q.shape, slots.shape[-1]

    def given(x: Tensor):
        """A projection that answers with the tokens' own [b, h, n, d], padded as the code pads its input."""
        return lambda query: torch.nn.functional.pad(x.transpose(1, 2).flatten(2), (0, 0, 0, query.shape[1] - n))

    def norm(x: Tensor) -> Tensor:
        return torch.nn.functional.layer_norm(x, (h * d,), gain.flatten(), shift.flatten(), eps)

    sizes = dict(num_heads=h, head_dim=d, num_landmarks=few, window_size=window, fp32=False, use_conv=False)
    maps = dict(W_q=given(q), W_k=given(k), W_v=given(v), dconv_fc=given(slots), dual_ln_s=norm)
    same = {name: torch.nn.Identity() for name in ("dual_ln_l", "drop_attn", "W_o")}
    layer = bare(_long_short.AttentionLS, **sizes, **maps, **same)
    o, _ = layer.forward(torch.zeros(b, n, h * d), batch_first=True)
    return layer.split_heads(o)
