"""Attention of transformers, as its models define it: layers are run whole, on projections that hand in the tensors of a case."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, Callable, Optional, Tuple

import torch
from attn_cts import Problem
from published import Source

Tensor = torch.Tensor
Option = Optional[float]
transformers = Source("transformers")
LOWEST = torch.finfo(torch.float32).min
STATES = dict(outputs=["o", "state"], gradients=True)
DENSE = dict(e="=d", dense_mask="boolean", dialect={"maskedNaN": "leaks"})
WIDE = {**DENSE, "e": None}
# the code's own eager form is what its registry gives
EAGER = SimpleNamespace(get_interface=lambda name, default: default)


def modeling(model: str, *names: str, **given: Any) -> SimpleNamespace:
    """Functions and classes of a model's file, with the eager attention in it."""
    return transformers.take(f"transformers/models/{model}/modeling_{model}.py", *names, ALL_ATTENTION_FUNCTIONS=EAGER, **given)


def same(x: Tensor, *others: Any) -> Tensor:
    """A projection or norm around the operator, left out."""
    return x


def gives(x: Tensor) -> Callable[..., Tensor]:
    """A projection that hands in a tensor of the case."""
    return lambda *others, **options: x


def tokens(x: Tensor) -> Tensor:
    """[b, h, n, d] as [b, n, h·d], as projections give it."""
    return x.transpose(1, 2).flatten(2)


def heads(x: Tensor, count: int) -> Tensor:
    """[b, n, h·d] as [b, h, n, d]."""
    return x.unflatten(-1, (count, -1)).transpose(1, 2)


def heads_last(x: Optional[Tensor]) -> Optional[Tensor]:
    """[b, h, n, …] as [b, n, h, …], and back."""
    return None if x is None else x.transpose(1, 2)


def shared(x: Tensor, like: Tensor) -> Tensor:
    """Key heads, each repeated for its query or value heads."""
    return x.repeat_interleave(like.shape[1] // x.shape[1], 1)


def added(mask: Optional[Tensor]) -> Optional[Tensor]:
    """A mask as the code's eager attention takes it: the lowest number where a key is hidden."""
    return None if mask is None else torch.zeros(mask.shape).masked_fill(~mask, LOWEST)


def seeing(o: Tensor, mask: Optional[Tensor]) -> Tensor:
    """Outputs, with 0 for a query without a visible key, where the code has the mean of all values."""
    return o if mask is None else o.masked_fill(~mask.any(-1, keepdim=True), 0)


def unrotated(q: Tensor, channels: Optional[int] = None) -> Tuple[Tensor, Tensor]:
    """Cosines and sines of no rotation."""
    ones = torch.ones(len(q), q.shape[2], q.shape[-1] if channels is None else channels)
    return ones, torch.zeros_like(ones)


def cached(*values: Tensor) -> SimpleNamespace:
    """A cache that holds the keys and values of the case."""
    return SimpleNamespace(update=lambda *others, **options: values)


def around(q: Tensor, k: Tensor, scale: Option, **fields: Any) -> SimpleNamespace:
    """Fields of an attention layer; what it projects from hidden states is the case's."""
    size = q.shape[-1]
    common = dict(config=SimpleNamespace(_attn_implementation="eager"), layer_idx=0, head_dim=size, training=False, attention_dropout=0.0)
    common.update(num_key_value_groups=q.shape[1] // k.shape[1], scaling=size**-0.5 if scale is None else scale, sliding_window=None)
    projected = {name: gives(tokens(x[:, :, :1].expand(-1, -1, q.shape[2], -1))) for name, x in (("k_proj", k), ("v_proj", k))}
    return SimpleNamespace(**{**common, **projected, "q_proj": gives(tokens(q)), "q_norm": same, "k_norm": same, "o_proj": same, **fields})


def hidden(q: Tensor) -> Tensor:
    """Hidden states, of which only the sizes count."""
    return torch.zeros(len(q), q.shape[2], 1)


_gpt_oss = modeling("gpt_oss", "repeat_kv", "eager_attention_forward")
_gemma2 = modeling("gemma2", "repeat_kv", "eager_attention_forward")


@transformers.kernel("softmax", gradients=["q", "k", "v", "sink"], **WIDE)
def softmax_sink(q: Tensor, k: Tensor, v: Tensor, scale: Option = None, sink: Optional[Tensor] = None, mask: Optional[Tensor] = None):
    sinks = torch.full((q.shape[1],), -torch.inf) if sink is None else sink
    layer = around(q, k, scale, sinks=sinks)
    o = heads_last(_gpt_oss.eager_attention_forward(layer, q, k, v, added(mask), layer.scaling)[0])
    return seeing(o, mask)


def plain(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], scale: Option = None, softcap: Option = None) -> Tensor:
    """Eager attention of Gemma 2."""
    layer = around(q, k, scale)
    return heads_last(_gemma2.eager_attention_forward(layer, q, k, v, mask, scaling=layer.scaling, softcap=softcap)[0])


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
    "qwen3_next", "repeat_kv", "eager_attention_forward", "rotate_half", "apply_rotary_pos_emb", "Qwen3NextAttention", "l2norm",
    "torch_chunk_gated_delta_rule", "torch_recurrent_gated_delta_rule", "Qwen3NextGatedDeltaNet",
    apply_mask_to_padding_states=same, is_torchdynamo_exporting=lambda: False,
    causal_conv1d_forward=lambda convolution, x, *others, **options: x,
)  # fmt: skip


@transformers.kernel("gated-output", gradients=True, **DENSE)
def gated_output(q: Tensor, k: Tensor, v: Tensor, z: Tensor, scale: Option = None, mask: Optional[Tensor] = None):
    layer = around(q, k, scale, q_proj=gives(tokens(torch.cat([q, z], -1))))
    o = _qwen3_next.Qwen3NextAttention.forward(layer, hidden(q), unrotated(q), added(mask), cached(k, v))[0]
    return seeing(heads(o, q.shape[1]), mask)


@transformers.kernel("gated-delta", **STATES)
def gated_delta(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None):
    given = (heads_last(x) for x in (q, k, v, gate, beta))
    o, state = _qwen3_next.torch_recurrent_gated_delta_rule(*given, initial_state=initial, output_final_state=True)
    return heads_last(o), state


class States:
    """A cache of one recurrent state."""

    def __init__(self, state: Optional[Tensor]):
        self.state = state

    def get_recurrent_state(self, layer: int, state_idx: int = 0) -> Optional[Tensor]:
        return self.state

    def get_recurrent_states_to_keep(self, layer: int) -> int:
        return 0

    def update_recurrent_state(self, state: Tensor, layer: int) -> None:
        self.state = state


@transformers.kernel("gdn-raw-gates", options=[], **STATES)
def gdn_raw_gates(
    q: Tensor, k: Tensor, v: Tensor, a: Tensor, aLog: Tensor, dtBias: Tensor, betaLogit: Tensor, initial: Optional[Tensor] = None
):
    # a projection holds, for each key head, its query, its key, and the values and gates of its value heads
    hk, d, h, e = k.shape[1], k.shape[-1], v.shape[1], v.shape[-1]
    value, b, a = (heads_last(x.unflatten(1, (hk, -1))).transpose(1, 3).flatten(3) for x in (v, betaLogit[..., None], a[..., None]))
    sizes = dict(num_k_heads=hk, num_v_heads=h, head_k_dim=d, head_v_dim=e, key_dim=hk * d, value_dim=h * e)
    layer = SimpleNamespace(**sizes, layer_idx=0, conv1d=None, activation=None, A_log=aLog, dt_bias=dtBias, norm=same, out_proj=same)
    layer.in_proj_qkvz = gives(torch.cat([heads_last(q), heads_last(k), value, value], -1).flatten(2))
    layer.in_proj_ba = gives(torch.cat([b, a], -1).flatten(2))
    layer.fix_query_key_value_ordering = _qwen3_next.Qwen3NextGatedDeltaNet.fix_query_key_value_ordering.__get__(layer)
    cache = States(initial)
    return heads(_qwen3_next.Qwen3NextGatedDeltaNet.forward(layer, hidden(v), cache), h), cache.state


_kimi = modeling("kimi_linear", "l2norm", "KimiLinearForgetGate", "recurrent_kimi_delta_attention", "chunk_kimi_delta_attention")


@transformers.kernel("kda", grouped=False, **STATES)
def kda(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None):
    given = (heads_last(x) for x in (q, k, v, gate, beta))
    o, state = _kimi.chunk_kimi_delta_attention(*given, chunk_size=4, initial_state=initial, output_final_state=True)
    return heads_last(o), state


@transformers.kernel("kda-raw-gates", options=[], **STATES)
def kda_raw_gates(
    q: Tensor, k: Tensor, v: Tensor, a: Tensor, aLog: Tensor, dtBias: Tensor, betaLogit: Tensor, initial: Optional[Tensor] = None
):
    gates = SimpleNamespace(head_dim=a.shape[-1], dt_bias=dtBias.flatten(), A_log=aLog[None, None, :, None], f_a_proj=same, f_b_proj=same)
    gate = _kimi.KimiLinearForgetGate.forward(gates, tokens(a))
    given = (*(heads_last(x) for x in (shared(q, v), shared(k, v), v)), gate, heads_last(torch.sigmoid(betaLogit)))
    o, state = _kimi.recurrent_kimi_delta_attention(*given, initial, True, use_qk_l2norm_in_kernel=True)
    return heads_last(o), state


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


class Watched:
    """The module torch with a matmul that keeps its last result: the code's indexer returns no scores."""

    last: Optional[Tensor] = None

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    def matmul(self, *factors: Tensor) -> Tensor:
        self.last = torch.matmul(*factors)
        return self.last


_watched = Watched()
_v32 = modeling("deepseek_v32", "rotate_half", "apply_rotary_pos_emb", "DeepseekV32Indexer", torch=_watched)


@transformers.kernel("lightning-indexer", outputs=["o", "chosen"], dense_mask="boolean", dialect={"maskedNaN": "leaks"})
def lightning_indexer(q: Tensor, k: Tensor, w: Tensor, top: int = 2, mask: Optional[Tensor] = None):
    b, m, t, d = q.shape
    seen = torch.ones(b, m, k.shape[1], dtype=torch.bool) if mask is None else mask.expand(b, 1, m, -1)[:, 0]
    sizes = dict(n_heads=t, head_dim=d, qk_rope_head_dim=0, index_topk=top, softmax_scale=1.0, layer_idx=0)
    layer = SimpleNamespace(**sizes, wq_b=gives(q.flatten(2)), wk=gives(k[:, :1].expand(-1, m, -1)), k_norm=same)
    layer.weights_proj = lambda x: w * t**0.5
    layer.weights_proj.weight = w
    cache, nothing = SimpleNamespace(update_indexer=gives(k)), torch.zeros(b, m, 0)
    at = _v32.DeepseekV32Indexer.forward(layer, torch.zeros(b, m, 1), None, (nothing, nothing), seen, None, cache)
    at = torch.where(seen.gather(-1, at.long()), at, -1)
    return _watched.last.squeeze(-2).masked_fill(~seen, 0), torch.nn.functional.pad(at, (0, top - at.shape[-1]), value=-1)


_detr = modeling(
    "deformable_detr", "MultiScaleDeformableAttention", "DeformableDetrMultiscaleDeformableAttention", torch_compilable_check=same
)


@transformers.kernel("deformable", gradients=True)
def deformable(v: Tensor, reference: Tensor, offset: Tensor, logits: Tensor):
    b, h, y, x, e = v.shape
    m, p = logits.shape[2:]
    sizes = dict(n_heads=h, n_levels=1, n_points=p, d_model=h * e, im2col_step=64, value_proj=same, output_proj=same)
    layer = SimpleNamespace(**sizes, sampling_offsets=gives(heads_last(offset).flip(-1)), attention_weights=gives(heads_last(logits)))
    layer.attn = lambda *given: _detr.MultiScaleDeformableAttention.forward(None, *given)
    run = _detr.DeformableDetrMultiscaleDeformableAttention.forward
    cells, points = v.permute(0, 2, 3, 1, 4).reshape(b, y * x, h * e), reference.flip(-1)[:, :, None]
    shapes = dict(spatial_shapes=torch.tensor([[y, x]]), spatial_shapes_list=[(y, x)])
    return heads(run(layer, torch.zeros(b, m, 1), encoder_hidden_states=cells, reference_points=points, **shapes)[0], h)


_nystrom = modeling("nystromformer", "NystromformerSelfAttention")


def landmarked(q: Tensor, k: Tensor, v: Tensor, landmarks: int, steps: int) -> Tensor:
    """The layer of Nyströmformer without its convolution, which divides scores by √d."""
    h, n, d = q.shape[1:]
    sizes = dict(num_attention_heads=h, attention_head_size=d, all_head_size=h * d, num_landmarks=landmarks, seq_len=n)
    layer = SimpleNamespace(**sizes, conv_kernel_size=None, init_option="original", query=gives(tokens(q)))
    layer.key, layer.value = gives(tokens(shared(k, q))), gives(tokens(shared(v, q)))
    layer.iterative_inv = lambda x: _nystrom.NystromformerSelfAttention.iterative_inv(layer, x, n_iter=steps)
    return heads(_nystrom.NystromformerSelfAttention.forward(layer, hidden(q))[0], h)


# in float32 the inverse leaves little that could be told right from wrong
LANDMARKS = dict(dtypes=["f64"], n={"multipleOf": 12}, e="=d")


@transformers.kernel("nystrom", options=["landmarks", "steps", "scale"], gradients=True, **LANDMARKS)
def nystrom(q: Tensor, k: Tensor, v: Tensor, landmarks: int = 4, steps: int = 6, scale: Option = None):
    d = q.shape[-1]
    return landmarked(q * ((1 / d if scale is None else scale) * d**0.5), k, v, landmarks, steps)


@transformers.kernel("nystrom", options=["landmarks", "steps"], d={"min": 2}, **LANDMARKS)
def nystrom_default(q: Tensor, k: Tensor, v: Tensor, landmarks: int = 4, steps: int = 6):
    return landmarked(q, k, v, landmarks, steps)


class Sampled:
    """The module torch with a randint that gives the sample of the case."""

    sample: Optional[Tensor] = None

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    def randint(self, *others: Any) -> Tensor:
        return self.sample


_sampled = Sampled()
_informer = modeling(
    "informer", "InformerProbSparseAttention", torch=_sampled, math=SimpleNamespace(ceil=lambda x: 1, log1p=math.log1p)
)


@transformers.kernel("prob-sparse", e="=d", options=["scale", "top"])
def prob_sparse(q: Tensor, k: Tensor, v: Tensor, at: Tensor, scale: Option = None, top: int = 2):
    # with a logarithm of 1, the layer's factor is the number of queries
    _sampled.sample = at[0].long()
    h, d = q.shape[1], q.shape[-1]
    sizes = dict(num_heads=h, head_dim=d, embed_dim=h * d, factor=top, scaling=d**-0.5 if scale is None else scale)
    layer = SimpleNamespace(**sizes, is_decoder=False, dropout=0.0, training=False, layer_idx=0, out_proj=same, q_proj=gives(tokens(q)))
    layer.k_proj, layer.v_proj = gives(tokens(shared(k, q))), gives(tokens(shared(v, q)))
    layer._shape = _informer.InformerProbSparseAttention._shape.__get__(layer)
    return heads(_informer.InformerProbSparseAttention.forward(layer, hidden(q), torch.zeros(len(k), k.shape[2], 1))[0], h)


_diff = modeling("diffllama", "rotate_half", "apply_rotary_pos_emb", "repeat_kv", "eager_attention_forward", "DiffLlamaAttention")


@transformers.kernel("differential", names={"lambda": "lambda_"}, gradients=True, **WIDE)
def differential(
    q: Tensor, k: Tensor, q2: Tensor, k2: Tensor, v: Tensor, lambda_: Tensor, scale: Option = None, mask: Optional[Tensor] = None
):
    # values are twice as wide as queries in the code: the smaller side is filled with zeros
    h, d, e = q.shape[1], q.shape[-1], v.shape[-1]
    size = max(d, -(-e // 2))
    wide = torch.nn.functional.pad(v, (0, 2 * size - e))
    queries, keys = (torch.nn.functional.pad(torch.cat(pair, 1), (0, size - d)) for pair in ((q, q2), (k, k2)))
    layer = around(queries, keys, d**-0.5 if scale is None else scale, groupnorm=same, lambda_init=0.0)
    layer.lambda_q1, layer.lambda_k1 = torch.log(lambda_)[:, None, None], torch.ones(1)
    layer.lambda_q2, layer.lambda_k2 = torch.tensor([-torch.inf]), torch.ones(1)
    cache = cached(keys, torch.cat([wide[..., :size], wide[..., size:]], 1))
    both = None if mask is None else torch.cat([mask, mask], 1)
    o = _diff.DiffLlamaAttention.forward(layer, hidden(q), unrotated(queries), added(both), cache)[0]
    return seeing(heads(o, h)[..., :e], mask)


_doge = modeling("doge", "rotate_half", "apply_rotary_pos_emb", "repeat_kv", "eager_attention_forward", "DogeAttention", BlockMask=())


@transformers.kernel("dma", dense_mask_shapes=["b 1 m n", "1 1 m n"], gradients=True, **DENSE)
def dma(
    q: Tensor, k: Tensor, v: Tensor, a: Tensor, wdt: Tensor, scale: Option = None, top: int = 2048, mask: Optional[Tensor] = None
):
    layer = around(q, k, scale, A=a, keep_window_size=top, dt_proj=lambda x: x @ wdt.flatten(0, 1))
    layer.prepare_dynamic_mask = _doge.DogeAttention.prepare_dynamic_mask.__get__(layer)
    o = _doge.DogeAttention.forward(layer, hidden(q), unrotated(q), added(mask), cached(k, v))[0]
    return seeing(heads(o, q.shape[1]), mask)


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
    layer.logit_scale, layer.relative_coords_table = torch.log(gain)[:, None, None], None
    layer.continuous_position_bias_mlp = gives(torch.full((1, h), -torch.inf))
    layer.relative_position_index = torch.zeros(1, 1, dtype=torch.long)
    return heads(_swin.Swinv2SelfAttention.forward(layer, hidden(q))[0], h)


@transformers.kernel("qk-norm", e="=d", options=["eps"], fixed={"eps": 1e-24}, gradients=True)
def qk_norm(q: Tensor, k: Tensor, v: Tensor, gain: Tensor):
    return cosine(q, k, v, gain)


@transformers.kernel("cosine-attention", e="=d", options=["beta", "eps"], fixed={"eps": 1e-24}, gradients=True)
def cosine_attention(q: Tensor, k: Tensor, v: Tensor, beta: float = 10.0):
    return cosine(q, k, v, torch.full((q.shape[1],), float(beta)))


_griffin = modeling("recurrent_gemma", "_MAX_SQRT_GRADIENT", "SqrtBoundDerivative", "RecurrentGemmaRglru")


@transformers.kernel("rg-lru", **STATES)
def rg_lru(
    x: Tensor, wa: Tensor, ba: Tensor, wx: Tensor, bx: Tensor, rate: Tensor,
    starts: Optional[Tensor] = None, initial: Optional[Tensor] = None,
):  # fmt: skip
    h, n, e = x.shape[1:]
    layer = SimpleNamespace(num_attention_heads=h, block_width=e, recurrent_param=rate.flatten())
    layer.input_gate_weight, layer.input_gate_bias, layer.recurrent_gate_weight, layer.recurrent_gate_bias = wx, bx, wa, ba
    layer.recurrent_states = None if initial is None else initial.flatten(1)
    layer._rnn_scan = _griffin.RecurrentGemmaRglru._rnn_scan.__get__(layer)
    places = torch.ones(len(x), n) if starts is None else (~starts).int()
    o = _griffin.RecurrentGemmaRglru.forward(layer, tokens(x), places)
    return heads(o, h), layer.recurrent_states.unflatten(-1, (h, e))


_minimax = modeling("minimax", "MiniMaxLightningAttention", apply_mask_to_padding_states=same)


@transformers.kernel("linear-decay", e="=d", gradients=["q", "k", "v"])
def lightning(q: Tensor, k: Tensor, v: Tensor, decay: Optional[Tensor] = None):
    h, d = q.shape[1], q.shape[-1]
    # a rate of 0 would leave the layer without its causal mask
    rate = torch.full((h, 1, 1), 1e-30) if decay is None else decay.repeat_interleave(h // len(decay))[:, None, None]
    sizes = dict(block_size=4, num_attention_heads=h, head_dim=d, layer_idx=0)
    layer = SimpleNamespace(**sizes, slope_rate=rate, norm=same, act_fn=same, out_proj=same)
    layer.query_decay, layer.key_decay, layer.diagonal_decay = _minimax.MiniMaxLightningAttention.decay_factors(layer, rate)
    layer.qkv_proj = gives(torch.cat([heads_last(x) for x in (q, shared(k, q), shared(v, q))], -1).flatten(2))
    # a gate of the outputs that is open
    layer.output_gate = gives(torch.tensor(torch.inf))
    return heads(_minimax.MiniMaxLightningAttention.forward(layer, hidden(q), None, None)[0], h)


_mamba = modeling(
    "mamba2", "pad_tensor_by_size", "reshape_into_chunks", "segment_sum", "mamba2_chunk_scan", "mamba2_selective_state_update"
)


@transformers.kernel("mamba-2", **STATES)
def mamba_2(x: Tensor, dt: Tensor, a: Tensor, wt: Tensor, rd: Tensor, skip: Tensor, initial: Optional[Tensor] = None):
    given = (heads_last(x), heads_last(dt), a, heads_last(wt), heads_last(rd), 4)
    o, state = _mamba.mamba2_chunk_scan(*given, D=skip, initial_states=initial, return_final_states=True)
    return heads_last(o), state


@transformers.kernel("mamba-2", outputs=["o", "state"])
def mamba_2_steps(
    x: Tensor, dt: Tensor, a: Tensor, wt: Tensor, rd: Tensor, skip: Tensor, initial: Optional[Tensor] = None, z: Optional[Tensor] = None
):
    b, h, n, e = x.shape
    state = torch.zeros(b, h, e, wt.shape[-1]) if initial is None else initial.clone()
    fixed = a[:, None, None].expand(-1, e, wt.shape[-1])
    rows = []
    for t in range(n):
        given = (x[:, :, t], dt[:, :, t, None].expand(-1, -1, e), fixed, wt[:, :, t], rd[:, :, t], skip[:, None].expand(-1, e))
        rows.append(_mamba.mamba2_selective_state_update(state, *given, z=None if z is None else z[:, :, t]))
    return torch.stack(rows, 2), state


_m3 = modeling("minimax_m3_vl", "repeat_kv", "eager_attention_forward", "MiniMaxM3VLIndexer")


@transformers.kernel("block-lists", options=["scale", "block"], gradients=True, **WIDE)
def block_lists(q: Tensor, k: Tensor, v: Tensor, at: Tensor, scale: Option = None, block: int = 4, mask: Optional[Tensor] = None):
    seen = torch.ones(1, 1, q.shape[2], k.shape[2], dtype=torch.bool) if mask is None else mask
    layer = around(q, k, scale, block_size=block, config=SimpleNamespace(num_attention_heads=q.shape[1]))
    hide = _m3.MiniMaxM3VLIndexer.build_block_mask(layer, at.long(), seen, k.shape[2], q.dtype, q.device, None)
    return seeing(heads_last(_m3.eager_attention_forward(layer, q, k, v, hide, layer.scaling)[0]), hide == 0)


_rules = transformers.take(
    "transformers/masking_utils.py", "and_masks", "or_masks", "causal_mask_function", "bidirectional_mask_function",
    "sliding_window_overlay", "chunked_overlay", "chunked_causal_mask_function", "blockwise_overlay", "padding_mask_function",
    "packed_sequence_mask_function", "add_offsets_to_mask_function", "_non_vmap_expansion_sdpa",
)  # fmt: skip


def masked(q: Tensor, k: Tensor, v: Tensor, rule: Callable) -> Tensor:
    """Plain attention under a rule of the code, whose last query is level with the last key."""
    sizes = (len(q), q.shape[1], q.shape[2], k.shape[2])
    rule = _rules.add_offsets_to_mask_function(rule, k.shape[2] - q.shape[2], 0)
    seen = rule(*_rules._non_vmap_expansion_sdpa(*(torch.arange(size) for size in sizes))).expand(sizes)
    return seeing(plain(q, k, v, added(seen)), seen)


def mask(name: str) -> Callable:
    return transformers.kernel("softmax", masks=[name], options=[], dialect={"maskedNaN": "leaks"}, gradients=True)


def documents(problem: Problem, batch: int) -> Tensor:
    """The document of each token."""
    lengths = torch.tensor(problem.parameters["lengths"])
    return torch.arange(len(lengths)).repeat_interleave(lengths).expand(batch, -1)


@mask("full")
def mask_full(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    # the code's places begin with 0, here with n − m
    return masked(q, k, v, _rules.add_offsets_to_mask_function(_rules.bidirectional_mask_function, q.shape[2], 0))


@mask("causal")
def mask_causal(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    return masked(q, k, v, _rules.causal_mask_function)


@mask("sliding-window")
def mask_sliding_window(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    left, right = problem.parameters["left"], problem.parameters["right"]
    rules = [_rules.sliding_window_overlay(left + 1)] if left >= 0 else []
    rules += [_rules.add_offsets_to_mask_function(_rules.causal_mask_function, right, 0)] if right >= 0 else []
    return masked(q, k, v, _rules.and_masks(*rules))


@mask("chunk-causal")
def mask_chunk_causal(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    return masked(q, k, v, _rules.chunked_causal_mask_function(problem.parameters["chunk"], torch.zeros(len(q), dtype=torch.long)))


@mask("padding")
def mask_padding(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    lengths, places = torch.tensor(problem.parameters["lengths"])[:, None], torch.arange(k.shape[2])
    real = places < lengths if problem.parameters["side"] == "right" else places >= k.shape[2] - lengths
    return masked(q, k, v, _rules.padding_mask_function(real))


@mask("document")
def mask_document(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    return masked(q, k, v, _rules.packed_sequence_mask_function(documents(problem, len(q))))


@mask("document-causal")
def mask_document_causal(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    packed = _rules.packed_sequence_mask_function(documents(problem, len(q)))
    return masked(q, k, v, _rules.and_masks(packed, _rules.causal_mask_function))


@mask("prefix-causal")
def mask_prefix_causal(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    blocks = torch.where(torch.arange(k.shape[2]) < problem.parameters["prefix"], 0, -1).expand(len(q), -1)
    return masked(q, k, v, _rules.or_masks(_rules.blockwise_overlay(blocks), _rules.causal_mask_function))


@mask("prefix-document")
def mask_prefix_document(q: Tensor, k: Tensor, v: Tensor, problem: Problem):
    own = documents(problem, len(q))
    places = torch.cat([torch.arange(length) for length in problem.parameters["lengths"]])
    blocks = _rules.blockwise_overlay(torch.where(places < problem.parameters["prefix"], own, -1))
    packed = _rules.and_masks(_rules.packed_sequence_mask_function(own), _rules.causal_mask_function)
    return masked(q, k, v, _rules.or_masks(blocks, packed))
