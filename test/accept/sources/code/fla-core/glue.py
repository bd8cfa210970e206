"""Naive forms of flash-linear-attention, with which its Triton kernels are compared."""

from __future__ import annotations

from typing import Any, Callable, Optional, Tuple

import torch
from attn_cts import Problem
from glue_parts import heads_last, shared
from published import Source

Tensor = torch.Tensor
Option = Optional[float]
fla = Source("fla-core").on_path()
# whose __init__ files import every Triton kernel
fla.bare("fla", "fla.ops", "fla.ops.utils")
CAUSAL = dict(m="=n", masks={"causal": {}})
STATES = dict(outputs=["o", "state"], gradients=True)


def recurrent(run: Callable, *given: Tensor, **options: Any) -> Tuple[Tensor, Tensor]:
    """Output and last state of a recurrence of the code, whose tokens come before heads."""
    o, state = run(*(heads_last(x) for x in given), output_final_state=True, **options)
    return heads_last(o), state


def alone(run: Callable, tokens: Tuple[Tensor, ...], segment: Tensor, initial: Optional[Tensor], problem: Problem) -> Tuple[Tensor, Tensor]:
    """Rows and last states of packed segments, each of which is run by itself; an empty one keeps its state."""
    k, v = tokens[1], tokens[2]
    rows, states = [], []
    for s in range(problem.dims["s"]):
        own = segment == s
        begun = v.new_zeros(len(v), k.shape[-1], v.shape[-1]) if initial is None else initial[s]
        o, state = run(*(x[None, :, own] for x in tokens), initial_state=begun[None]) if own.any() else (v[None, :, :0], begun[None])
        rows.append(o[0])
        states.append(state[0])
    return torch.cat(rows, 1), torch.stack(states)


_kda = fla.module("fla/ops/kda/naive.py")
_kda_gates = fla.take("fla/ops/kda/gate.py", "naive_kda_gate", "naive_kda_lowerbound_gate")


@fla.kernel("kda", **STATES)
def kda(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None, scale: Option = None):
    return recurrent(_kda.naive_recurrent_kda, q, k, v, gate, beta, scale=scale, initial_state=initial)


@fla.kernel("kda", n={"multipleOf": 4}, **STATES)
def kda_chunks(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None, scale: Option = None):
    return recurrent(_kda.naive_chunk_kda, q, k, v, gate, beta, scale=scale, initial_state=initial, chunk_size=4)


@fla.kernel("kda-packed", **STATES)
def kda_packed(
    q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, segment: Tensor, problem: Problem,
    initial: Optional[Tensor] = None, scale: Option = None,
):  # fmt: skip
    def run(*given: Tensor, **options: Any):
        return recurrent(_kda.naive_recurrent_kda, *given, scale=scale, **options)

    return alone(run, (q, k, v, gate, beta), segment, initial, problem)


def unit(x: Tensor, eps: float) -> Tensor:
    """Brings vectors to length 1, as the code's kernel of norms does, which needs a GPU."""
    return x * torch.rsqrt((x * x).sum(-1, keepdim=True) + eps)


@fla.kernel("kda-raw-gates", **STATES)
def kda_raw_gates(
    q: Tensor, k: Tensor, v: Tensor, a: Tensor, aLog: Tensor, dtBias: Tensor, betaLogit: Tensor,
    initial: Optional[Tensor] = None, scale: Option = None, eps: float = 1e-6, betaScale: float = 1.0, lower: Option = None,
):  # fmt: skip
    bound = {} if lower is None else {"lower_bound": lower}
    make = _kda_gates.naive_kda_gate if lower is None else _kda_gates.naive_kda_lowerbound_gate
    gate = heads_last(make(heads_last(a), aLog, dtBias.flatten(), **bound))
    given = (unit(q, eps), unit(k, eps), v, gate, betaScale * torch.sigmoid(betaLogit))
    return recurrent(_kda.naive_recurrent_kda, *given, scale=scale, initial_state=initial)


_delta = fla.module("fla/ops/delta_rule/naive.py")


@fla.kernel("delta", grouped=False, **STATES)
def delta(q: Tensor, k: Tensor, v: Tensor, beta: Tensor, initial: Optional[Tensor] = None):
    return _delta.delta_rule_recurrence(q, k, v, beta, initial_state=initial)


_gdn = fla.module("fla/ops/gated_delta_rule/naive.py")
_gdn_gate = fla.take("fla/ops/gated_delta_rule/gate.py", "naive_gdn_gate")


@fla.kernel("gated-delta", **STATES)
def gated_delta(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None, scale: Option = None):
    given = (shared(q, v), shared(k, v), v, beta, gate)
    return recurrent(_gdn.naive_recurrent_gated_delta_rule, *given, scale=scale, initial_state=initial)


@fla.kernel("gated-delta", **STATES)
def gated_delta_chunks(
    q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, initial: Optional[Tensor] = None, scale: Option = None
):
    given = (shared(q, v), shared(k, v), v, gate, beta)
    return recurrent(_gdn.naive_chunk_gated_delta_rule, *given, scale=scale, initial_state=initial, chunk_size=4)


@fla.kernel("gdn-packed", **STATES)
def gdn_packed(
    q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, segment: Tensor, problem: Problem,
    initial: Optional[Tensor] = None, scale: Option = None,
):  # fmt: skip
    def run(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, beta: Tensor, **options: Any):
        return recurrent(_gdn.naive_recurrent_gated_delta_rule, shared(q, v), shared(k, v), v, beta, gate, scale=scale, **options)

    return alone(run, (q, k, v, gate, beta), segment, initial, problem)


@fla.kernel("gdn-raw-gates", **STATES)
def gdn_raw_gates(
    q: Tensor, k: Tensor, v: Tensor, a: Tensor, aLog: Tensor, dtBias: Tensor, betaLogit: Tensor,
    initial: Optional[Tensor] = None, scale: Option = None, eps: float = 1e-6, betaScale: float = 1.0,
):  # fmt: skip
    gate = heads_last(_gdn_gate.naive_gdn_gate(heads_last(a), aLog, dtBias))
    given = (shared(unit(q, eps), v), shared(unit(k, eps), v), v, betaScale * torch.sigmoid(betaLogit), gate)
    return recurrent(_gdn.naive_recurrent_gated_delta_rule, *given, scale=scale, initial_state=initial)


_gdn2 = fla.module("fla/ops/gdn2/naive.py")


@fla.kernel("gdn-2", **STATES)
def gdn_2(
    q: Tensor, k: Tensor, v: Tensor, gate: Tensor, erase: Tensor, write: Tensor, initial: Optional[Tensor] = None, scale: Option = None
):
    given = (shared(q, v), shared(k, v), v, gate, erase, write)
    return recurrent(_gdn2.naive_recurrent_gdn2, *given, scale=scale, initial_state=initial)


_gla = fla.module("fla/ops/gla/naive.py")


@fla.kernel("gla", grouped=False, **STATES)
def gla(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, initial: Optional[Tensor] = None):
    return recurrent(_gla.naive_recurrent_gla, q, k, v, gate, initial_state=initial)


_simple = fla.module("fla/ops/simple_gla/naive.py")


@fla.kernel("simple-gla", grouped=False, **STATES)
def simple_gla(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, initial: Optional[Tensor] = None, scale: Option = None):
    return recurrent(_simple.naive_recurrent_simple_gla, q, k, v, gate, scale=scale, initial_state=initial)


@fla.kernel("simple-gla", grouped=False, **STATES)
def simple_gla_chunks(q: Tensor, k: Tensor, v: Tensor, gate: Tensor, initial: Optional[Tensor] = None, scale: Option = None):
    return recurrent(_simple.naive_chunk_simple_gla, q, k, v, gate, scale=scale, initial_state=initial, chunk_size=4)


@fla.kernel("linear-decay", gradients=["q", "k", "v"])
def lightning(q: Tensor, k: Tensor, v: Tensor, decay: Optional[Tensor] = None):
    gate = torch.zeros(k.shape[1]) if decay is None else -decay
    given = (q, shared(k, q), shared(v, q), shared(gate[None, :, None].expand(k.shape[:3]), q))
    return heads_last(_simple.naive_parallel_simple_gla(*(heads_last(x) for x in given), scale=1.0)[0])


_retention = fla.module("fla/ops/retention/naive.py")


# with more tokens, the code multiplies an overflow with 0
@fla.kernel("retention", n={"max": 2048}, grouped=False, fixed={"decay": True}, gradients=["q", "k", "v"])
def retention(q: Tensor, k: Tensor, v: Tensor):
    return _retention.naive_retention(q, k, v)


_linear = fla.module("fla/ops/linear_attn/naive.py")


@fla.kernel("linear-causal", fixed={"eps": 1e-10}, gradients=True)
def linear_causal(q: Tensor, k: Tensor, v: Tensor):
    fq, fk = (torch.nn.functional.elu(x) + 1 for x in (q, k))
    given = (heads_last(x) for x in (fq, shared(fk, q), shared(v, q)))
    return heads_last(_linear.naive_recurrent_linear_attn(*given, scale=1.0, normalize=True)[0])


_dplr = fla.module("fla/ops/generalized_delta_rule/dplr/naive.py")


@fla.kernel("rwkv-7", **STATES)
def rwkv_7(r: Tensor, w: Tensor, k: Tensor, v: Tensor, kappa: Tensor, a: Tensor, initial: Optional[Tensor] = None, scale: float = 1.0):
    # the code divides queries by √d
    return _dplr.dplr_recurrence(r * (scale * r.shape[-1] ** 0.5), k, v, -kappa, kappa * a, w, initial_state=initial)


_abc = fla.module("fla/ops/abc/naive.py")


@fla.kernel("abc", gradients=True, **CAUSAL)
def abc(q: Tensor, k: Tensor, v: Tensor, s: Tensor, scale: Option = None):
    return _abc.naive_recurrent_abc(q, k, v, s, scale=scale)[0]


_attn = fla.module("fla/ops/attn/naive.py")
FORMS = {"full": {"causal": False}, "causal": {"causal": True}}


@fla.kernel("softmax", m="=n", masks=FORMS, gradients=["q", "k", "v", "sink"])
def softmax(q: Tensor, k: Tensor, v: Tensor, scale: Option = None, causal: bool = False, sink: Optional[Tensor] = None):
    given = (heads_last(x) for x in (q, k, v))
    return heads_last(_attn.naive_parallel_attn(*given, scale=scale, causal=causal, sink_bias=sink)[0])


def means(x: Tensor, block: int, cu_seqlens: Optional[Tensor] = None) -> Tensor:
    """Means of blocks of tokens of [b, n, h, d], which the code has as a Triton kernel."""
    return torch.stack([part.mean(1) for part in x.split(block, 1)], 1)


def window(q: Tensor, k: Tensor, v: Tensor, causal: bool, window_size: Tuple[int, int], scale: Option = None) -> Tensor:
    """The code's own naive form, in the place of a FlashAttention call."""
    return _attn.naive_parallel_attn(q, k, v, scale=scale, causal=causal, window_size=window_size[0] + 1)[0]


_nsa_parts = ("naive_nsa_selection", "naive_nsa_compression", "naive_nsa_topk", "naive_nsa")
_nsa = fla.take("fla/ops/nsa/naive.py", *_nsa_parts, mean_pooling=means, flash_attn_func=window)
NSA = dict(m="=n", g=[1, 2, 4, 8], gradients=["q", "k", "v", "compressed", "selected", "local"])


def sparse(q: Tensor, k: Tensor, v: Tensor, gates: Tuple[Tensor, ...], **options: Any) -> Tensor:
    """Native sparse attention of the code, which takes 16 query heads of a key head: each is given several times."""
    times = 16 // (q.shape[1] // k.shape[1])
    given = (heads_last(x) for x in (q.repeat_interleave(times, 1), k, v, *(x.repeat_interleave(times, 1) for x in gates)))
    return heads_last(_nsa.naive_nsa(*given, **options))[:, ::times]


def without_empty(at: Tensor, block: int = 1) -> Tuple[Tensor, Tensor]:
    """Lists of [b, hk, n, t], and which queries see no key of theirs, for which the code has no value: those get a list of the first."""
    at = at.long()
    # a place beyond the query is hidden from it; the code takes none beyond the last key
    there = (at >= 0) & (at <= torch.arange(at.shape[2])[:, None] // block)
    none = ~there.any(-1)
    return at.masked_fill(~there, -1).masked_fill(none[..., None], 0), none


@fla.kernel("nsa", options=["block", "window"], **NSA)
def nsa(q: Tensor, k: Tensor, v: Tensor, at: Tensor, compressed: Tensor, selected: Tensor, local: Tensor, block: int = 4, window: int = 4):
    at, none = without_empty(at, block)
    gates = (compressed, selected.masked_fill(shared(none, q), 0), local)
    return sparse(q, k, v, gates, block_indices=heads_last(at), block_size=block, window_size=window)


@fla.kernel("nsa-selection", options=["block", "window", "top"], **NSA)
def nsa_selection(
    q: Tensor, k: Tensor, v: Tensor, compressed: Tensor, selected: Tensor, local: Tensor, block: int = 4, window: int = 4, top: int = 4
):
    return sparse(q, k, v, (compressed, selected, local), block_counts=top, block_size=block, window_size=window)


class Watched:
    """The module torch with a topk that keeps what it was given: the code's indexer returns no scores."""

    scores: list = []

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)

    def topk(self, scores: Tensor, *others: Any, **options: Any) -> Any:
        self.scores.append(scores)
        return torch.topk(scores, *others, **options)


_watched = Watched()
_dsa = fla.take("fla/ops/dsa/naive.py", "naive_dsa", "naive_dsa_indexer", torch=_watched)


@fla.kernel("gathered", hk=1, fixed={"duplicates": 0}, gradients=["q", "k", "v"], **CAUSAL)
def gathered(q: Tensor, k: Tensor, v: Tensor, at: Tensor, scale: Option = None):
    at, none = without_empty(at)
    o = heads_last(_dsa.naive_dsa(*(heads_last(x) for x in (q, k, v)), None, None, indices=at[:, 0], scale=scale))
    return o.masked_fill(none[..., None], 0)


@fla.kernel("lightning-indexer", outputs=["o", "chosen"], **CAUSAL)
def lightning_indexer(q: Tensor, k: Tensor, w: Tensor, top: int = 2):
    _watched.scores.clear()
    at = _dsa.naive_dsa_indexer(q, k, w, topk=top, scale=1.0, activation="relu")
    o = torch.stack(_watched.scores)
    return o.masked_fill(o == -torch.inf, 0), at.to(torch.int32)
