"""Masks of NATTEN, as it gives them to flex attention."""

from __future__ import annotations

import math

import torch
from glue_parts import LEAKS, attention
from published import Source

Tensor = torch.Tensor
natten = Source("natten").on_path()
_flex = natten.take(
    "natten-0.21.7/src/natten/backends/flex.py",
    "get_na_flex_mask",
    "idx2crd",
    # the mask's rule alone, not the blocks that are made of it
    create_block_mask=lambda mask_mod, *sizes, **more: mask_mod,
    is_torch_compiling=lambda: True,
)


def attended(q: Tensor, k: Tensor, v: Tensor, grid, window, stride):
    """Attention of the tokens of a grid, which fill it but for a part of the last slice."""
    n = k.shape[2]
    ones = (1,) * len(grid)
    rule = _flex.get_na_flex_mask("cpu", len(grid), torch.tensor(grid), window, stride, ones, (False,) * len(grid))
    places = torch.arange(n)
    return attention(q, k, v, rule(0, 0, places[:, None], places[None]))


@natten.kernel("softmax", masks=["neighborhood"], m="=n", gradients=True, dialect=LEAKS)
def neighborhood(q: Tensor, k: Tensor, v: Tensor, problem):
    of = problem.parameters
    return attended(q, k, v, (k.shape[2],), (of["window"],), (of["stride"],))


@natten.kernel("softmax", masks=["neighborhood-2d"], m="=n", gradients=True, dialect=LEAKS)
def neighborhood_2d(q: Tensor, k: Tensor, v: Tensor, problem):
    of = problem.parameters
    grid = (math.ceil(k.shape[2] / of["width"]), of["width"])
    return attended(q, k, v, grid, (of["windowY"], of["windowX"]), (of["strideY"], of["strideX"]))


@natten.kernel("softmax", masks=["neighborhood-3d"], m="=n", gradients=True, dialect=LEAKS)
def neighborhood_3d(q: Tensor, k: Tensor, v: Tensor, problem):
    of = problem.parameters
    grid = (math.ceil(k.shape[2] / (of["width"] * of["height"])), of["height"], of["width"])
    return attended(q, k, v, grid, tuple(of[f"window{axis}"] for axis in "ZYX"), tuple(of[f"stride{axis}"] for axis in "ZYX"))
