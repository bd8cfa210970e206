"""Masks of xFormers, as it materialises them for its tests."""

from __future__ import annotations

import torch
from glue_parts import LEAKS, attention
from published import Source

Tensor = torch.Tensor
xformers = Source("xformers")
_biases = xformers.module("xformers-0.0.27.post2/xformers/ops/fmha/attn_bias.py")


def attended(q: Tensor, k: Tensor, v: Tensor, bias) -> Tensor:
    """Attention of PyTorch under a mask, which is 0 where a key is seen."""
    seen = bias.materialize((q.shape[2], k.shape[2])) == 0
    return attention(q, k, v, seen)


@xformers.kernel("softmax", masks=["causal"], gradients=True, dialect=LEAKS)
def causal(q: Tensor, k: Tensor, v: Tensor, problem):
    return attended(q, k, v, _biases.LowerTriangularFromBottomRightMask())


@xformers.kernel("softmax", masks=["sliding-window"], gradients=True, dialect=LEAKS)
def sliding_window(q: Tensor, k: Tensor, v: Tensor, problem):
    """What has no bound is as wide as all tokens there."""
    left, right = (q.shape[2] + k.shape[2] if x == -1 else x for x in (problem.parameters["left"], problem.parameters["right"]))
    return attended(q, k, v, _biases.LocalAttentionFromBottomRightMask(left, right))


@xformers.kernel("softmax", masks=["document"], gradients=True, dialect=LEAKS)
def document(q: Tensor, k: Tensor, v: Tensor, problem):
    return attended(q, k, v, _biases.BlockDiagonalMask.from_seqlens(problem.parameters["lengths"], device=torch.device("cpu")))


@xformers.kernel("softmax", masks=["document-causal"], gradients=True, dialect=LEAKS)
def document_causal(q: Tensor, k: Tensor, v: Tensor, problem):
    blocks = _biases.BlockDiagonalMask.from_seqlens(problem.parameters["lengths"], device=torch.device("cpu"))
    return attended(q, k, v, blocks.make_causal())


LEFT = [{"mask": {"name": "padding", "parameters": {"side": "left"}}}]


@xformers.kernel("softmax", masks=["padding"], excludes=LEFT, gradients=True, dialect=LEAKS)
def padding(q: Tensor, k: Tensor, v: Tensor, problem):
    """Batch entries are blocks of one long sequence."""
    b, m, n = q.shape[0], q.shape[2], k.shape[2]
    lengths = problem.tensors["lengths"].tolist()
    blocks = _biases.BlockDiagonalPaddedKeysMask.from_seqlens([m] * b, n, lengths, device=torch.device("cpu"))
    q, k, v = (x.transpose(0, 1).flatten(1, 2)[None] for x in (q, k, v))
    return attended(q, k, v, blocks)[0].unflatten(1, (b, m)).transpose(0, 1)
