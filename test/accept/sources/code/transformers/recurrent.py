"""Recurrent layers of models."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Optional

import torch
from glue_parts import heads_last, shared
from layers import STATES, Tensor, gives, heads, hidden, modeling, same, tokens, transformers


_qwen3_next = modeling(
    "qwen3_next", "l2norm", "torch_chunk_gated_delta_rule", "torch_recurrent_gated_delta_rule", "Qwen3NextGatedDeltaNet",
    apply_mask_to_padding_states=same, is_torchdynamo_exporting=lambda: False,
    causal_conv1d_forward=lambda convolution, x, *others, **options: x,
)  # fmt: skip


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
