"""The masks of the suite as index predicates on PyTorch tensors, for kernels that take a `mask_mod`."""

from __future__ import annotations

from typing import Callable, Sequence

import torch
from attn_cts import Problem, Unsupported

MaskMod = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""Of the indices of batch entry, query head, query and key: whether the query sees the key."""


def mask_mod(problem: Problem, device: torch.device) -> MaskMod:
    """The case's mask: dense, or named, with `offset` = n - m (bottom-right) and inclusive windows. Raises Unsupported for an unknown name."""
    if "mask" in problem.tensors:
        return dense(problem.tensors["mask"])
    name = "full" if "block" in problem.case else problem.mask
    if name not in _makers:
        raise Unsupported(f"mask {name}")
    return _makers[name](problem, device)


def dense(mask: torch.Tensor) -> MaskMod:
    """mask: bool [b or 1, h or 1, m or 1, n], true keeps."""
    b, h, m, _ = mask.shape
    return lambda x, y, i, j: mask[x % b, y % h, i % m, j]


def _offset(problem: Problem) -> int:
    return problem.dims["n"] - problem.dims["m"]


def _starts(lengths: Sequence[int], device: torch.device) -> torch.Tensor:
    """First token of the document of each token: int64 [n]."""
    sizes = torch.tensor(lengths, device=device)
    return torch.repeat_interleave(sizes.cumsum(0) - sizes, sizes)


def _full(problem: Problem, device: torch.device) -> MaskMod:
    return lambda b, h, i, j: j >= 0


def _causal(problem: Problem, device: torch.device) -> MaskMod:
    offset = _offset(problem)
    return lambda b, h, i, j: j <= i + offset


def _sliding_window(problem: Problem, device: torch.device) -> MaskMod:
    offset, n = _offset(problem), problem.dims["n"]
    # -1 is unbounded: farther than any key
    left, right = (problem.dims["m"] + n if x == -1 else x for x in (problem.parameters["left"], problem.parameters["right"]))
    return lambda b, h, i, j: (i + offset - left <= j) & (j <= i + offset + right)


def _global_sliding_window(problem: Problem, device: torch.device) -> MaskMod:
    offset, window = _offset(problem), problem.parameters["window"]
    return lambda b, h, i, j: (j < window) | (i + offset < window) | ((i + offset - j <= window) & (j - i - offset <= window))


def _padding(problem: Problem, device: torch.device) -> MaskMod:
    lengths, n = problem.tensors["lengths"], problem.dims["n"]
    if problem.parameters["side"] == "right":
        return lambda b, h, i, j: j < lengths[b]
    return lambda b, h, i, j: j >= n - lengths[b]


def _document(problem: Problem, device: torch.device) -> MaskMod:
    document = problem.tensors["document"]
    return lambda b, h, i, j: document[b, i] == document[b, j]


def _document_causal(problem: Problem, device: torch.device) -> MaskMod:
    document = problem.tensors["document"]
    return lambda b, h, i, j: (document[b, i] == document[b, j]) & (j <= i)


def _share_question(problem: Problem, device: torch.device) -> MaskMod:
    document = problem.tensors["document"]

    def visible(b, h, i, j):
        of, by = document[b, j], document[b, i]
        return ((j <= i) & ((by <= 1) | (by == of))) | ((by > 1) & (of == 0))

    return visible


def _causal_blockwise(problem: Problem, device: torch.device) -> MaskMod:
    document = problem.tensors["document"]
    last = document[0, -1]
    return lambda b, h, i, j: (j <= i) & ((document[b, i] == document[b, j]) | (document[b, i] == last))


def _prefix_causal(problem: Problem, device: torch.device) -> MaskMod:
    prefix = problem.parameters["prefix"]
    return lambda b, h, i, j: (j <= i) | ((i < prefix) & (j < prefix))


def _prefix_document(problem: Problem, device: torch.device) -> MaskMod:
    start, prefix = _starts(problem.parameters["lengths"], device), problem.parameters["prefix"]
    return lambda b, h, i, j: (start[i] == start[j]) & ((j <= i) | ((i < start[i] + prefix) & (j < start[i] + prefix)))


def _block_causal_document(problem: Problem, device: torch.device) -> MaskMod:
    start, block = _starts(problem.parameters["lengths"], device), problem.parameters["block"]
    return lambda b, h, i, j: (start[i] <= j) & (j < start[i] + block * ((i - start[i]) // block + 1))


def _block_sparse(problem: Problem, device: torch.device) -> MaskMod:
    blocks, block = problem.tensors["blocks"], problem.parameters["block"]
    bs, hs = blocks.shape[:2]
    return lambda b, h, i, j: blocks[b % bs, h % hs, i // block, j // block]


def _variable_block_sparse(problem: Problem, device: torch.device) -> MaskMod:
    blocks, edges = problem.tensors["blocks"], problem.tensors["blockEdges"]
    bs, hs = blocks.shape[:2]
    tokens = torch.arange(problem.dims["n"], device=device, dtype=edges.dtype)
    index = torch.searchsorted(edges.flatten()[1:].contiguous(), tokens, right=True)
    return lambda b, h, i, j: blocks[b % bs, h % hs, index[i], index[j]]


_makers = {
    "full": _full,
    "causal": _causal,
    "sliding-window": _sliding_window,
    "global-sliding-window": _global_sliding_window,
    "padding": _padding,
    "document": _document,
    "document-causal": _document_causal,
    "share-question": _share_question,
    "causal-blockwise": _causal_blockwise,
    "prefix-causal": _prefix_causal,
    "prefix-document": _prefix_document,
    "block-causal-document": _block_causal_document,
    "block-sparse": _block_sparse,
    "variable-block-sparse": _variable_block_sparse,
}
NAMES = list(_makers)
