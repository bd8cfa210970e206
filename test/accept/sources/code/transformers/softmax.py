"""Softmax attention of models: sinks, caps, slopes, gates, norms, latent vectors, differences."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Callable, Optional, Tuple

import torch
from attn_cts import Problem
from glue_parts import heads_last, shared
from layers import (
    DENSE,
    WIDE,
    Option,
    Tensor,
    added,
    around,
    cached,
    gives,
    heads,
    hidden,
    modeling,
    plain,
    same,
    seeing,
    tokens,
    transformers,
    unrotated,
)


_gpt_oss = modeling("gpt_oss", "repeat_kv", "eager_attention_forward")


@transformers.kernel("softmax", gradients=["q", "k", "v", "sink"], **WIDE)
def softmax_sink(q: Tensor, k: Tensor, v: Tensor, scale: Option = None, sink: Optional[Tensor] = None, mask: Optional[Tensor] = None):
    sinks = torch.full((q.shape[1],), -torch.inf) if sink is None else sink
    layer = around(q, k, scale, sinks=sinks)
    o = heads_last(_gpt_oss.eager_attention_forward(layer, q, k, v, added(mask), layer.scaling)[0])
    return seeing(o, mask)


@transformers.kernel("softmax", gradients=["q", "k", "v", "bias"], **WIDE)
def softmax_softcap(
    q: Tensor, k: Tensor, v: Tensor, scale: Option = None, softcap: Option = None,
    bias: Optional[Tensor] = None, mask: Optional[Tensor] = None,
):  # fmt: skip
    hide = added(mask)
    return seeing(plain(q, k, v, hide if bias is None else bias if hide is None else bias + hide, scale, softcap), mask)


_bloom = modeling("bloom", "_get_alibi_slopes", "build_alibi_tensor", "BloomAttention", dropout_add=lambda x, *others: x)


ALIBI = dict(options=["scale", "alibi"], fixed={"alibi": True}, dialect={"alibi": "key"})


@transformers.kernel("softmax", e="=d", grouped=False, gradients=True, **ALIBI)
def softmax_alibi(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Option = None):
    h, n, d = k.shape[1:]
    alibi = _bloom.build_alibi_tensor(torch.ones(len(k), n), h, q.dtype) if problem.options.get("alibi") else torch.zeros(len(k) * h, 1, n)
    factor = d**-0.5 if scale is None else scale
    fields = dict(num_heads=h, head_dim=d, beta=1.0, inv_norm_factor=factor, attention_dropout=same, pretraining_tp=1, hidden_dropout=0.0)
    layer = SimpleNamespace(**fields, training=False, layer_idx=0, query_key_value=same, dense=same, _reshape=gives((q, k, v)))
    layer._merge_heads = _bloom.BloomAttention._merge_heads.__get__(layer)
    return heads(_bloom.BloomAttention.forward(layer, hidden(q), None, alibi, None)[0], h)


_qwen3_next = modeling(
    "qwen3_next", "repeat_kv", "eager_attention_forward", "rotate_half", "apply_rotary_pos_emb", "Qwen3NextAttention"
)


@transformers.kernel("gated-output", gradients=True, **DENSE)
def gated_output(q: Tensor, k: Tensor, v: Tensor, z: Tensor, scale: Option = None, mask: Optional[Tensor] = None):
    layer = around(q, k, scale, q_proj=gives(tokens(torch.cat([q, z], -1))))
    o = _qwen3_next.Qwen3NextAttention.forward(layer, hidden(q), unrotated(q), added(mask), cached(k, v))[0]
    return seeing(heads(o, q.shape[1]), mask)


_turn = modeling("deepseek_v3", "rotate_half", "apply_rotary_pos_emb", "apply_rotary_pos_emb_interleave")


def turned(q: Tensor, k: Tensor, cos: Tuple[Tensor, Tensor], sin: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tensor]:
    """Queries and keys, each rotated by a table of its own."""
    run = _turn.apply_rotary_pos_emb_interleave
    return run(q, k, cos[0], sin[0])[0], run(q, k, cos[1], sin[1])[1]


_v3 = modeling(
    "deepseek_v3", "repeat_kv", "eager_attention_forward", "DeepseekV3Attention",
    apply_rotary_pos_emb=_turn.apply_rotary_pos_emb, apply_rotary_pos_emb_interleave=turned,
)  # fmt: skip


def latent(
    q: Tensor, qp: Tensor, c: Tensor, kp: Tensor, wk: Tensor, wv: Tensor, rotation: Tuple[Any, Any], cache: Any,
    mask: Optional[Tensor], scale: Option,
) -> Tensor:  # fmt: skip
    """Attention on latent vectors, which the layer expands to keys and values by one projection."""
    d, t, e = q.shape[-1], qp.shape[-1], wv.shape[-1]
    sizes = dict(q_lora_rank=None, qk_head_dim=d + t, qk_nope_head_dim=d, qk_rope_head_dim=t, kv_lora_rank=c.shape[-1], v_head_dim=e)
    layer = around(q, q, (d + t) ** -0.5 if scale is None else scale, **sizes, kv_a_layernorm=same)
    layer.config.rope_interleave = cache is None
    rows = torch.cat([c, kp], -1)
    layer.q_proj = gives(tokens(torch.cat([q, qp], -1)))
    layer.kv_a_proj_with_mqa = gives(rows if cache is None else rows[:, :1].expand(-1, q.shape[2], -1))
    expand = torch.cat([wk.mT, wv], -1).transpose(0, 1).flatten(1)
    layer.kv_b_proj = lambda x: x @ expand
    layer.expand_kv = _v3.DeepseekV3Attention.expand_kv.__get__(layer)
    return seeing(heads(_v3.DeepseekV3Attention.forward(layer, hidden(q), rotation, added(mask), cache)[0], q.shape[1]), mask)


LATENT = {**WIDE, "gradients": True}


@transformers.kernel("mla", **LATENT)
def mla(
    q: Tensor, qp: Tensor, c: Tensor, kp: Tensor, wk: Tensor, wv: Tensor, scale: Option = None, mask: Optional[Tensor] = None
):
    cache = cached(c[:, None], kp[:, None])
    return latent(q, qp, c, kp, wk, wv, unrotated(qp), cache, mask, scale)


@transformers.kernel("mla-rope", m="=n", **LATENT)
def mla_rope(
    q: Tensor, qp: Tensor, c: Tensor, kp: Tensor, wk: Tensor, wv: Tensor, qcos: Tensor, qsin: Tensor, kcos: Tensor, ksin: Tensor,
    scale: Option = None, mask: Optional[Tensor] = None,
):  # fmt: skip
    qcos, qsin, kcos, ksin = (torch.cat([x, x], -1)[None] for x in (qcos, qsin, kcos, ksin))
    return latent(q, qp, c, kp, wk, wv, ((qcos, kcos), (qsin, ksin)), None, mask, scale)


_diff = modeling("diffllama", "rotate_half", "apply_rotary_pos_emb", "repeat_kv", "eager_attention_forward", "DiffLlamaAttention")


class Share:
    """λ₀ of the code, which is added to its learnt part; the factor 1 − λ₀ of the output, which is not compared, is 1."""

    def __init__(self, value: Tensor):
        self.value = value

    def __radd__(self, learnt: Tensor) -> Tensor:
        return learnt + self.value

    def __rsub__(self, one: int) -> int:
        return one


@transformers.kernel("differential", names={"lambda": "lambda_"}, gradients=True, **WIDE)
def differential(
    q: Tensor, k: Tensor, q2: Tensor, k2: Tensor, v: Tensor, lambda_: Tensor, scale: Option = None, mask: Optional[Tensor] = None
):
    # values are twice as wide as queries in the code: the smaller side is filled with zeros
    h, d, e = q.shape[1], q.shape[-1], v.shape[-1]
    size = max(d, -(-e // 2))
    wide = torch.nn.functional.pad(v, (0, 2 * size - e))
    queries, keys = (torch.nn.functional.pad(torch.cat(pair, 1), (0, size - d)) for pair in ((q, q2), (k, k2)))
    layer = around(queries, keys, d**-0.5 if scale is None else scale, groupnorm=same, lambda_init=Share(lambda_[:, None]))
    # the learnt parts are equal, so that λ is its first value
    layer.lambda_q1 = layer.lambda_k1 = layer.lambda_q2 = layer.lambda_k2 = torch.ones(1)
    cache = cached(keys, torch.cat([wide[..., :size], wide[..., size:]], 1))
    both = None if mask is None else torch.cat([mask, mask], 1)
    o = _diff.DiffLlamaAttention.forward(layer, hidden(q), unrotated(queries), added(both), cache)[0]
    return seeing(heads(o, h)[..., :e], mask)


_qwen3 = modeling(
    "qwen3", "rotate_half", "apply_rotary_pos_emb", "repeat_kv", "eager_attention_forward", "Qwen3RMSNorm", "Qwen3Attention"
)


@transformers.kernel("qk-rms-norm", m="=n", gradients=True, **DENSE)
def qk_rms_norm(
    q: Tensor, k: Tensor, v: Tensor, gq: Tensor, gk: Tensor, scale: Option = None, eps: float = 1e-6, mask: Optional[Tensor] = None
):
    def norm(gains: Tensor) -> Callable[[Tensor], Tensor]:
        return lambda x: _qwen3.Qwen3RMSNorm.forward(SimpleNamespace(weight=gains, variance_epsilon=eps), x)

    layer = around(q, k, scale, q_norm=norm(gq), k_norm=norm(gk), k_proj=gives(tokens(k)), v_proj=gives(tokens(v)))
    return seeing(heads(_qwen3.Qwen3Attention.forward(layer, hidden(q), unrotated(q), added(mask))[0], q.shape[1]), mask)


_swin = modeling("swinv2", "Swinv2SelfAttention")


def cosine(q: Tensor, k: Tensor, v: Tensor, gain: Tensor) -> Tensor:
    """Attention of a window by cosines; its bias of places is made 0."""
    h, d = q.shape[1], q.shape[-1]
    sizes = dict(num_attention_heads=h, attention_head_size=d, all_head_size=h * d, window_size=(1, 1), dropout=same)
    layer = SimpleNamespace(**sizes, query=gives(tokens(q)), key=gives(tokens(shared(k, q))), value=gives(tokens(shared(v, q))))
    layer.logit_scale, layer.relative_coords_table = torch.log(gain.abs())[:, None, None], None
    layer.continuous_position_bias_mlp = gives(torch.full((1, h), -torch.inf))
    layer.relative_position_index = torch.zeros(1, 1, dtype=torch.long)
    return heads(_swin.Swinv2SelfAttention.forward(layer, hidden(q))[0], h)


@transformers.kernel("qk-norm", e="=d", options=["eps"], fixed={"eps": 1e-24}, gradients=True)
def qk_norm(q: Tensor, k: Tensor, v: Tensor, gain: Tensor):
    # the code has the logarithm of a gain
    return cosine(q * torch.sign(gain)[:, None, None], k, v, gain)


@transformers.kernel("cosine-attention", e="=d", options=["beta", "eps"], fixed={"eps": 1e-24}, gradients=True)
def cosine_attention(q: Tensor, k: Tensor, v: Tensor, beta: float = 10.0):
    return cosine(q, k, v, torch.full((q.shape[1],), float(beta)))
