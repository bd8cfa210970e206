"""Transformer Engine's reference of NVFP4 in PyTorch, with which its CUDA kernels are compared."""

from __future__ import annotations

import torch
from published import Source

Tensor = torch.Tensor
engine = Source("transformer-engine")
FILE = "transformer_engine/pytorch/custom_recipes/reference_nvfp4.py"
_gemm = engine.take("transformer_engine/pytorch/custom_recipes/gemm.py", "GEMMType")
_utils = engine.module("transformer_engine/pytorch/custom_recipes/reference_utils.py")
_casts = vars(engine.take(FILE, "cast_to_fp4x2", "cast_to_e4m3", "cast_to_e8"))
_quantizer = engine.take(FILE, "NVFP4QuantizerRef", Quantizer=object, gemm=_gemm, reference_utils=_utils, **_casts).NVFP4QuantizerRef


def written(x: Tensor, globalScale: Tensor, block: float):
    """Codes, one an element (an even one is the low half of a byte), and scales. The code takes the largest number, 448 · 6 scales."""
    block, size = int(block), x.shape[-1]
    padded = torch.nn.functional.pad(x, (0, -size % max(2, block)))
    given = (padded.flatten(0, -2), 448 * 6 * globalScale, block, 1)
    codes, scale = _quantizer._quantize_blockwise_reference(*given, pow_2_scales=False, eps=0.0)
    apart = torch.stack([codes & 15, codes >> 4], -1).flatten(-2).reshape(padded.shape)
    return apart[..., :size], scale.view(torch.uint8).reshape(*x.shape[:-1], -1)[..., : -(-size // block)]


@engine.kernel("nvfp4-write-te", outputs=["o", "scale"])
def nvfp4_write_te(x: Tensor, globalScale: Tensor, block: int = 16):
    return written(x, globalScale, block)


@engine.kernel("nvfp4-write-te", outputs=["o", "scale"])
def nvfp4_write_te_signed(x: Tensor, globalScale: Tensor, block: int = 16):
    """With the sign of zeros, which the GPU's instruction keeps, and the reference does not."""
    codes, scale = written(x, globalScale, block)
    return codes | 8 * ((x == 0) & x.signbit()).to(torch.uint8), scale
