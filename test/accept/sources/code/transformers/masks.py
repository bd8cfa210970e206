"""Masks of models, by the rules of masking_utils.py."""

from __future__ import annotations

from typing import Callable

import torch
from attn_cts import Problem
from layers import Tensor, added, plain, seeing, transformers


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
