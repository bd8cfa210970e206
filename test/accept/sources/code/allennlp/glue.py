"""Scores and weighted sums with which AllenNLP's bidirectional attention flow is built."""

from __future__ import annotations

import types
from typing import List, Sequence, TypeVar

import torch
from published import Source

Tensor = torch.Tensor
source = Source("allennlp")
COMBINE = (
    "_rindex",
    "_get_combination",
    "get_combined_dim",
    "combine_tensors_and_multiply",
    "_get_combination_dim",
    "_get_combination_and_multiply",
)
_util = source.take(
    "allennlp/nn/util.py", "masked_softmax", "weighted_sum", "tiny_value_of_dtype", *COMBINE, List=List, Sequence=Sequence, T=TypeVar("T")
)
_scores = source.take(
    "allennlp/modules/matrix_attention/linear_matrix_attention.py",
    "LinearMatrixAttention",
    MatrixAttention=torch.nn.Module,
    util=_util,
    Activation=types.SimpleNamespace(by_name=lambda name: torch.nn.Identity),
).LinearMatrixAttention


@source.kernel("bidaf", outputs=["o", "summary", "matched", "gathered"], e={"min": 2}, gradients=True)
def bidaf(h: Tensor, u: Tensor, wh: Tensor, wu: Tensor, whu: Tensor):
    """Lines of the model between its encoder and its modelling layer. An axis of one channel is mistaken for another there."""
    layer = _scores(h.shape[-1], h.shape[-1], "x,y,x*y")
    given = {"_weight_vector": torch.cat([wh, wu, whu]), "_bias": torch.zeros(1)}
    scores = torch.func.functional_call(layer, given, (h, u))
    read = _util.weighted_sum(u, _util.masked_softmax(scores, torch.ones_like(u[..., 0], dtype=torch.bool)))
    best = _util.masked_softmax(scores.max(-1)[0], torch.ones_like(h[..., 0], dtype=torch.bool))
    summary = _util.weighted_sum(h, best)
    outputs = (read, summary, h * read, h * summary[:, None])
    return tuple(x[:, None] for x in outputs)
