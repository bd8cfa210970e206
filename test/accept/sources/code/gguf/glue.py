"""Quantisation of GGUF's Python package, which says of itself that it has the bits of ggml's."""

from __future__ import annotations

import importlib
from typing import Optional

import numpy as np
import torch
from glue_parts import CACHE, attention
from published import Source

Tensor = torch.Tensor
gguf = Source("gguf")
# whose __init__ reads tokenisers
gguf.bare("gguf")
_quants = importlib.import_module("gguf.quants")


def written(kind, x: Tensor, block: float):
    """Codes [blocks, bytes] of all rows, whose last block is filled up with zeros, and scales [..., blocks] in float16."""
    kind.block_size = int(block)
    parts = torch.nn.functional.pad(x, (0, -x.shape[-1] % kind.block_size)).unflatten(-1, (-1, kind.block_size))
    made = torch.from_numpy(kind.quantize_blocks(parts.flatten(0, -2).numpy()))
    return made[:, 2:], made[:, :2].contiguous().view(torch.float16).reshape(parts.shape[:-1])


@gguf.kernel("q8-0-write", outputs=["o", "scale"])
def q8_0_write(x: Tensor, block: int = 32):
    codes, scale = written(_quants.Q8_0, x, block)
    return codes.contiguous().view(torch.int8).reshape(*scale.shape[:-1], -1)[..., : x.shape[-1]], scale


@gguf.kernel("q4-0-write", outputs=["o", "scale"])
def q4_0_write(x: Tensor, block: int = 32):
    """One code an element: a byte has two, half a block apart. A zero that is given has no sign."""
    codes, scale = written(_quants.Q4_0, x + 0.0, block)
    apart = torch.cat([codes & 15, codes >> 4], -1)
    return apart.reshape(*scale.shape[:-1], -1)[..., : x.shape[-1]], scale


def read(kind, codes: Tensor, scale: Tensor, block: float, size: int) -> Tensor:
    """@param codes: whole blocks [..., blocks, bytes]; @param scale: [..., blocks]."""
    kind.block_size = int(block)
    bytes = torch.cat([scale[..., None].contiguous().view(torch.uint8), codes.contiguous().view(torch.uint8)], -1)
    numbers = kind.dequantize_blocks(np.ascontiguousarray(bytes.flatten(0, -2).numpy()))
    return torch.from_numpy(numbers).reshape(*scale.shape[:-1], -1)[..., :size]


@gguf.kernel("q8-0-cache", **CACHE)
def q8_0_cache(
    q, keyCodes, valueCodes, keyScale, valueScale, mask: Optional[Tensor] = None, scale: Optional[float] = None, block: int = 32
):
    def numbers(codes, scales):
        whole = torch.nn.functional.pad(codes, (0, -codes.shape[-1] % int(block))).unflatten(-1, (-1, int(block)))
        return read(_quants.Q8_0, whole, scales, block, codes.shape[-1])

    return attention(q, numbers(keyCodes, keyScale), numbers(valueCodes, valueScale), mask, scale)


@gguf.kernel("q4-0-cache", **CACHE)
def q4_0_cache(
    q, keyCodes, valueCodes, keyScale, valueScale, problem, mask: Optional[Tensor] = None, scale: Optional[float] = None, block: int = 32
):
    d, e = problem.dims["d"], problem.dims["e"]
    k, v = read(_quants.Q4_0, keyCodes, keyScale, block, d), read(_quants.Q4_0, valueCodes, valueScale, block, e)
    return attention(q, k, v, mask, scale)
