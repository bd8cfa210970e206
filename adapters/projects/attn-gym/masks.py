"""Attention Gym's mask mods (https://github.com/meta-pytorch/attention-gym, BSD-3-Clause), in PyTorch's eager flex_attention.

q [b, hk*g, n, d], k [b, hk, n, d], v [b, hk, n, e]; positions begin at 0 for queries and keys.
"""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional

import torch
from attn_cts import Problem, kernel
from attn_gym import masks
from attn_gym.masks.document_mask import length_to_offsets
from torch.nn.attention.flex_attention import create_block_mask, flex_attention
from torch_flash import EXP
from versions import version_of

Tensor = torch.Tensor

torch.set_num_threads(min(2, torch.get_num_threads()))


def mask_mod(problem: Problem) -> Callable[..., Tensor]:
    name, given, n = problem.mask, problem.parameters, problem.dims["n"]
    if name == "causal":
        return masks.causal_mask
    if name == "sliding-window":
        return masks.generate_sliding_window(given["left"])
    if name == "prefix-causal":
        return masks.generate_prefix_lm_mask(given["prefix"])
    if name == "global-sliding-window":
        return masks.generate_global_sliding_window(given["window"], torch.arange(n) < given["window"])
    lengths = [length for length in given["lengths"] if length]
    offsets = length_to_offsets(lengths, "cpu")
    if name == "document":
        return masks.generate_doc_mask_mod(lambda b, h, i, j: j >= 0, offsets)
    if name == "share-question":
        return masks.generate_shared_prefix_mask_mod(offsets, torch.zeros(len(lengths), dtype=torch.int64))
    # the two forms of one mask, by turns
    if n % 2:
        return masks.generate_packed_causal_doc_mask_mod(offsets)
    return masks.generate_doc_mask_mod(masks.causal_mask, offsets)


def neighborhood(problem: Problem) -> Callable[..., Tensor]:
    given, n = problem.parameters, problem.dims["n"]
    width, height = given["width"], n // given["width"]
    return masks.generate_natten(width, height, given["windowX"], given["windowY"])


def attend(mod: Callable[..., Tensor], q: Tensor, k: Tensor, v: Tensor, scale: Optional[float]) -> Tensor:
    block_mask = create_block_mask(mod, None, None, q.size(2), k.size(2), device="cpu")
    return flex_attention(q, k, v, block_mask=block_mask, scale=scale, enable_gqa=q.size(1) != k.size(1))


SIZES = [2, 4, 8, 16, 32, 64, 128, 256]
COMMON: Mapping[str, Any] = {
    "version": version_of("attn-gym"),
    "framework": "torch",
    "device": "cpu",
    "dtypes": ["f32"],
    "m": "=n",
    "d": SIZES,
    "e": SIZES,
    "numeric": {"accumulate": "f32", "exp": EXP},
    "dialect": {"maskedNaN": "leaks"},
    "speed": "medium",
}
NAMES = ["causal", "sliding-window", "prefix-causal", "global-sliding-window", "document", "document-causal", "share-question"]


AHEAD = {"mask": {"name": "sliding-window"}, "where": ["or", ["<", "left", 0], ["not", ["=", "right", 0]]]}


@kernel(id="attn-gym", title="Attention Gym, masks of flex_attention", masks=NAMES, excludes=[AHEAD], **COMMON)
def attention(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None) -> Tensor:
    return attend(mask_mod(problem), q, k, v, scale)


# the last row of the grid is whole, windows are of odd sizes, and each query has its own
PARTIAL = {"where": ["not", ["=", ["mod", "n", "width"], 0]]}
EVEN = {"where": ["=", ["*", ["mod", "windowX", 2], ["mod", "windowY", 2]], 0]}
SHARED = {"where": ["<", 1, ["max", "strideX", "strideY"]]}


@kernel(id="attn-gym-natten", title="Attention Gym, generate_natten", masks=["neighborhood-2d"], excludes=[PARTIAL, EVEN, SHARED], **COMMON)
def natten(q: Tensor, k: Tensor, v: Tensor, problem: Problem, scale: Optional[float] = None) -> Tensor:
    return attend(neighborhood(problem), q, k, v, scale)
